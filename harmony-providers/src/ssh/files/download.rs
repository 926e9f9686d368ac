//! A file of the host to here.

use std::{fs::File as LocalFile, io, path::Path};

use harmony_capabilities::host::{Command, CommandExecution as _, HostError, HostErrorKind};
use harmony_phases::{Context, Intent, Permit, context::Unit};
use harmony_types::{ByteSize, HostPath};
use tempfile::NamedTempFile;
use tokio::{fs::File, io::AsyncWriteExt, task::spawn_blocking};

use super::{progress::copy, upload::local};
use crate::ssh::{Ssh, escape};

impl Ssh {
    /// Fetches a file, as the user who logged in, into a local one, which gets its name when it is
    /// whole and on the disk.
    ///
    /// # Errors
    /// It cannot be read there or written here, or does not come whole.
    pub async fn download(
        &self,
        ctx: &Context,
        from: &HostPath,
        to: &Path,
    ) -> Result<(), HostError> {
        let intent = Intent::new("download file", to.display().to_string());
        ctx.effect(intent, async |permit| self.fetch(&permit, ctx, from, to).await).await
    }

    async fn fetch(
        &self,
        _permit: &Permit,
        ctx: &Context,
        from: &HostPath,
        to: &Path,
    ) -> Result<(), HostError> {
        let write = |error| local("write", to, error);
        let size = self.size_of(from).await?;
        let new = NamedTempFile::new_in(folder_of(to)).map_err(write)?;
        let mut target = File::from_std(new.reopen().map_err(write)?);
        let came = match self.sftp().await? {
            Some(sftp) => {
                let lost = HostErrorKind::Unreachable;
                let wrong = |error| self.sftp_failed(&sftp, format!("read {from}"), lost, error);
                let opened = sftp.session.open(from.as_str()).await;
                let mut source = opened.map_err(|error| wrong(io::Error::other(error)))?;
                copy(ctx, &mut source, &mut target, size).await.map_err(wrong)?
            }
            None => self.fetch_by_command(ctx, from, &mut target, size).await?,
        };
        if came != size {
            let error = HostError::new(HostErrorKind::Failed, format!("download {from}"));
            let cause = io::Error::other(format!("{came} of {size} bytes came"));
            return Err(error.at(self.place()).remedy("run again").caused_by(cause));
        }
        let settled = spawn_blocking({
            let to = to.to_owned();
            move || settle(new, &to)
        });
        settled.await.map_err(|error| write(io::Error::other(error)))?.map_err(write)
    }

    /// In parts, each of which is a look that may be taken again.
    async fn fetch_by_command(
        &self,
        ctx: &Context,
        from: &HostPath,
        to: &mut File,
        size: u64,
    ) -> Result<u64, HostError> {
        const PART: ByteSize = ByteSize::mib(8);
        let write = |error| local("write", Path::new("the download"), error);
        let mut came = 0;
        while came < size {
            let places = [(came + 1).to_string(), PART.as_bytes().to_string()];
            let part = Command::script(r#"tail -c "+$2" -- "$1" | head -c "$3""#);
            let part = self.look(&part.arg(from.as_str()).args(places).keep(PART)).await?;
            if part.stdout.bytes.is_empty() {
                break;
            }
            to.write_all(&part.stdout.bytes).await.map_err(write)?;
            came += part.stdout.bytes.len() as u64;
            ctx.progress(came, Some(size), Unit::Bytes);
        }
        to.flush().await.map_err(write)?;
        Ok(came)
    }

    async fn size_of(&self, path: &HostPath) -> Result<u64, HostError> {
        let output = self.look(&Command::script(r#"wc -c <"$1""#).arg(path.as_str())).await?;
        let what = format!("read {path}");
        self.succeeded(what.clone(), &output)?;
        let said = output.stdout.text();
        said.trim().parse().map_err(|_| {
            let cause = io::Error::other(format!("no size: {}", escape::line(said.as_bytes())));
            HostError::new(HostErrorKind::Malformed, what).at(self.place()).caused_by(cause)
        })
    }
}

/// Puts a whole file in its place, and both on the disk.
fn settle(new: NamedTempFile, to: &Path) -> io::Result<()> {
    new.as_file().sync_all()?;
    new.persist(to).map_err(|error| error.error)?;
    LocalFile::open(folder_of(to))?.sync_all()
}

fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}
