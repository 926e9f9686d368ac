//! A home folder from which every program that reads `~/.ssh` reaches the hosts.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::network::TestHosts;

/// A home folder for the clients of some hosts: `h1`, `h2`, … (or `h1.example`, …) are names that
/// `ssh`, Harmony and others understand there, and the login key and the host keys are known.
#[derive(Debug)]
pub struct ClientHome {
    folder: PathBuf,
}

impl ClientHome {
    /// Makes it in `folder`, which becomes the home itself.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn make(folder: impl Into<PathBuf>, hosts: &TestHosts) -> Result<Self> {
        let folder = folder.into();
        let ssh = folder.join(".ssh");
        fs::create_dir_all(&ssh)?;
        fs::set_permissions(&ssh, Permissions::from_mode(0o700))?;
        let known = ssh.join("known_hosts");
        hosts.write_known_hosts(&known)?;
        let mut config = String::new();
        for (number, host) in (1..).zip(hosts.iter()) {
            writeln!(config, "Host h{number} h{number}.example\n  HostName {}", host.address())?;
        }
        let key = hosts.login().private().display();
        let known = known.display();
        writeln!(
            config,
            "Host *\n  IdentityFile {key}\n  IdentitiesOnly yes\n  UserKnownHostsFile {known}"
        )?;
        fs::write(ssh.join("config"), config)?;
        Ok(Self { folder })
    }

    /// The home folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The configuration of `ssh`, for programs that do not ask for the home folder.
    pub fn ssh_config(&self) -> PathBuf {
        self.folder.join(".ssh/config")
    }
}
