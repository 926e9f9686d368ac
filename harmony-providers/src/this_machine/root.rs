use std::fs;
use std::process::Stdio;
use std::sync::Arc;

use harmony_capabilities::host::{HostError, HostErrorKind};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// How this program becomes root; found out once.
#[derive(Clone, Debug, Default)]
pub(super) struct Root {
    prefix: Arc<OnceCell<&'static [&'static str]>>,
}

impl Root {
    /// What stands before a command that runs as root.
    pub(super) async fn prefix(&self, place: &str) -> Result<Vec<String>, HostError> {
        let prefix = self.prefix.get_or_try_init(|| find(place)).await?;
        Ok(prefix.iter().map(|&word| word.to_owned()).collect())
    }
}

async fn find(place: &str) -> Result<&'static [&'static str], HostError> {
    if is_root() {
        return Ok(&[]);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "--", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let denied = || {
        HostError::new(HostErrorKind::Denied, "become root")
            .at(place)
            .remedy("run this as root, or allow sudo without a password")
    };
    match sudo.status().await {
        Ok(status) if status.success() => Ok(&["sudo", "-n", "--"]),
        Ok(_) => Err(denied()),
        Err(error) => Err(denied().caused_by(error)),
    }
}

/// By the effective user id of this process.
fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    ids.and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")
}
