//! What a transfer failed of, in words that help.

use std::io;

use harmony_capabilities::host::{
    Command, CommandExecution as _, HostError, HostErrorKind, Output,
};
use harmony_types::HostPath;

use super::sftp::Sftp;
use crate::shortage;
use crate::ssh::{Ssh, escape};

/// Says why nothing can be written to the folder of a file. SFTP knows no word for it but "Failure".
const SHORTAGE: &str = r#"
folder=${1%/*}/
[ -w "$folder" ] || echo "Read-only file system"
set -- $(stat -f -c "%a %S" -- "$folder") && [ "$(($1 * $2))" -ge 262144 ] || echo "No space left on device"
"#;

impl Ssh {
    /// An error unless the command succeeded.
    pub(super) fn succeeded(&self, what: String, output: &Output) -> Result<(), HostError> {
        if output.succeeded() {
            return Ok(());
        }
        let said = escape::excerpt(&output.stderr.bytes);
        let kind = kind_of(&said, &["No such file", "cannot open", "nonexistent"]);
        Err(self.refused(kind, what, &said, format!("it ended with {}: {said}", output.status)))
    }

    /// What SFTP could not write, and why, where the host tells.
    pub(super) async fn sftp_cannot_write(
        &self,
        sftp: &Sftp,
        path: &HostPath,
        error: io::Error,
    ) -> HostError {
        let what = format!("upload {path}");
        let failed = self.sftp_failed(sftp, what.clone(), HostErrorKind::Unknown, error);
        if failed.kind() != HostErrorKind::Failed {
            return failed;
        }
        match self.look(&Command::script(SHORTAGE).arg(path.as_str())).await {
            Ok(output) if output.succeeded() && !output.stdout.bytes.is_empty() => {
                let said = escape::excerpt(&output.stdout.bytes);
                let cause = format!("{said} (SFTP says no more than that it failed)");
                self.refused(HostErrorKind::Failed, what, &said, cause)
            }
            _ => failed,
        }
    }

    fn refused(&self, kind: HostErrorKind, what: String, said: &str, cause: String) -> HostError {
        let error = HostError::new(kind, what).at(self.place());
        let error = match shortage::remedy(said) {
            Some(remedy) => error.remedy(remedy),
            None => error,
        };
        error.caused_by(io::Error::other(cause))
    }
}

fn kind_of(said: &str, missing: &[&str]) -> HostErrorKind {
    if said.contains("Permission denied") {
        HostErrorKind::Denied
    } else if missing.iter().any(|it| said.contains(it)) {
        HostErrorKind::NotFound
    } else {
        HostErrorKind::Failed
    }
}
