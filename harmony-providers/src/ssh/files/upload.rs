//! A local file to the host.

use std::{io, path::Path};

use harmony_capabilities::host::{Command, HostError, HostErrorKind};
use harmony_phases::{Context, Intent, Permit};
use harmony_types::HostPath;
use russh_sftp::protocol::{FileAttributes, OpenFlags};
use tokio::fs::{self, File};
use uuid::Uuid;

use super::{progress::copy, sftp::Sftp};
use crate::ssh::Ssh;

/// Gives a file that is whole its name: with the attributes of the one that is there, and on the
/// disk before it is seen. What is left of those to it that were cut short goes.
const SETTLE: &str = r#"
new=$1 path=$2 size=$3
give_up() { echo "$1" >&2; rm -f -- "$new"; exit 1; }
came=$(wc -c <"$new") || give_up "nothing came"
[ "$came" -eq "$size" ] || give_up "only $came of $size bytes came"
[ ! -d "$path" ] || give_up "$path is a directory"
[ ! -L "$path" ] || give_up "$path is a symbolic link: write where it leads, or remove it"
if [ -f "$path" ]; then mode=$(stat -c %a -- "$path"); else mode=644; fi
chmod "$mode" "$new" && sync "$new" && mv -f -- "$new" "$path" || give_up "it cannot be put there"
rm -f -- "$path".harmony-????????????????????????????????
sync "${path%/*}/"
"#;

/// Writes a file that is not there yet and that nobody else may read.
const CAT: &str = r#"umask 077; set -C; cat >"$1" || { rm -f -- "$1"; exit 1; }"#;

impl Ssh {
    /// Sends a local file, as the user who logged in; it gets its name when it is whole and on the
    /// disk. Nothing is marked as ours: that is what a `FileStore` does.
    ///
    /// # Errors
    /// It cannot be read here or written there; then what was there before is still there.
    pub async fn upload(&self, ctx: &Context, from: &Path, to: &HostPath) -> Result<(), HostError> {
        let intent = Intent::new("upload file", to.as_str());
        drop(self.lock(ctx).await?);
        ctx.effect(intent, async |permit| self.send(&permit, ctx, from, to).await).await
    }

    async fn send(
        &self,
        permit: &Permit,
        ctx: &Context,
        from: &Path,
        to: &HostPath,
    ) -> Result<(), HostError> {
        let read = |error| local("read", from, error);
        let size = fs::metadata(from).await.map_err(read)?.len();
        let new = format!("{to}.harmony-{}", Uuid::new_v4().simple());
        if let Some(sftp) = self.sftp().await? {
            let sent = self.send_through(&sftp, ctx, from, &new, size).await;
            if let Err(failed) = sent {
                let error = match failed {
                    Failed::Here(error) => local("read", from, error),
                    Failed::There(error) => self.sftp_cannot_write(&sftp, to, error).await,
                };
                if sftp.is_alive()
                    && let Err(error) = sftp.session.remove_file(new.as_str()).await
                {
                    log::debug!("{new} may stay behind: {error}");
                }
                return Err(error);
            }
        } else {
            let cat = Command::script(CAT).arg(&new).input_file(from);
            let output = self.change(permit, ctx, &cat).await?;
            self.succeeded(format!("upload {to}"), &output)?;
        }
        let settle = Command::script(SETTLE).args([&new, to.as_str(), &size.to_string()]);
        let output = self.change(permit, ctx, &settle).await?;
        self.succeeded(format!("upload {to}"), &output)
    }

    async fn send_through(
        &self,
        sftp: &Sftp,
        ctx: &Context,
        from: &Path,
        new: &str,
        size: u64,
    ) -> Result<(), Failed> {
        let mut source = File::open(from).await.map_err(Failed::Here)?;
        let flags = OpenFlags::CREATE | OpenFlags::EXCLUDE | OpenFlags::WRITE;
        // What it holds may be for nobody else; who may read it in the end is decided with its name.
        let private = FileAttributes { permissions: Some(0o600), ..FileAttributes::empty() };
        let opened = sftp.session.open_with_flags_and_attributes(new, flags, private).await;
        let mut target = opened.map_err(|error| Failed::There(io::Error::other(error)))?;
        copy(ctx, &mut source, &mut target, size).await.map_err(Failed::There)?;
        target.close().await.map_err(Failed::There)
    }
}

/// On which side an upload failed.
enum Failed {
    Here(io::Error),
    There(io::Error),
}

/// What went wrong on this machine.
pub(super) fn local(verb: &str, path: &Path, error: io::Error) -> HostError {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => HostErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => HostErrorKind::Denied,
        _ => HostErrorKind::Failed,
    };
    HostError::new(kind, format!("{verb} {}", path.display())).at("this machine").caused_by(error)
}
