//! Files that are too large to be held in memory.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use harmony_capabilities::host::{HostError, HostErrorKind};
use harmony_phases::context::{Permit, Unit};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};
use harmony_types::HostPath;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::role::WRITE;
use crate::linux::Linux;
use crate::linux::change::Change;
use crate::linux::reads::Malformed;

/// How much comes with one command.
const PART: u64 = 8 * 1024 * 1024;

/// A transfer may take as long as the slowest line that anybody would wait for needs.
const SLOWEST: u64 = 64 * 1024;

impl Linux {
    /// Sends a local file: the script that writes it knows how much has to come.
    pub(super) async fn send(
        &self,
        ctx: &Context,
        from: &Path,
        to: &HostPath,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let size = fs::metadata(from).await.map_err(|error| local("read", from, error))?.len();
        let mut words = self.write_words(to, mark, size);
        words.extend([String::new(), String::new()]);
        let change = Change::new(Intent::new("upload file", to.as_str()), WRITE, words);
        let limit = Duration::from_secs(600 + size / SLOWEST);
        self.change(ctx, change.input_file(from).deadline(limit)).await.map(drop)
    }

    /// Fetches a file into a local one, which gets its name when it is whole.
    pub(super) async fn fetch(
        &self,
        ctx: &Context,
        from: &HostPath,
        to: &Path,
    ) -> Result<(), HostError> {
        let intent = Intent::new("download file", from.as_str());
        ctx.effect(intent, async |permit| {
            let new = beside(to);
            let fetched = self.fetch_into(&permit, ctx, from, &new).await;
            let named = match fetched {
                Ok(()) => fs::rename(&new, to).await.map_err(|error| local("write", to, error)),
                Err(error) => Err(error),
            };
            if named.is_err()
                && let Err(error) = fs::remove_file(&new).await
            {
                log::debug!("{} stays behind: {error}", new.display());
            }
            named
        })
        .await
    }

    async fn fetch_into(
        &self,
        _permit: &Permit,
        ctx: &Context,
        from: &HostPath,
        to: &Path,
    ) -> Result<(), HostError> {
        let failed = |error| local("write", to, error);
        let mut file = fresh(to).await.map_err(failed)?;
        let (mut done, mut state) = (0, None);
        loop {
            let part = self.part(from, done, PART).await?;
            if state.get_or_insert_with(|| part.state.clone()) != &part.state {
                let why = Malformed::new("it was changed while it was read: run again");
                let error = HostError::new(HostErrorKind::Failed, format!("download {from}"));
                return Err(error.at(self.commands().place()).caused_by(why));
            }
            file.write_all(&part.bytes).await.map_err(failed)?;
            done += part.bytes.len() as u64;
            ctx.progress(done, Some(part.size), Unit::Bytes);
            if part.bytes.is_empty() || done >= part.size {
                break;
            }
        }
        file.flush().await.map_err(failed)?;
        file.sync_all().await.map_err(failed)
    }
}

/// Makes the file anew, for its owner alone, whatever is in it; what an earlier run left there goes.
async fn fresh(path: &Path) -> io::Result<File> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await
}

/// Where the local file is until it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".harmony-part");
    path.with_file_name(name)
}

fn local(verb: &str, path: &Path, error: io::Error) -> HostError {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => HostErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => HostErrorKind::Denied,
        _ => HostErrorKind::Failed,
    };
    HostError::new(kind, format!("{verb} {}", path.display())).at("this machine").caused_by(error)
}
