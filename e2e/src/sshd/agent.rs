//! The agent that holds keys.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::{Scratch, wait};

/// An `ssh-agent` with a socket of its own; ended when dropped.
#[derive(Debug)]
pub struct SshAgent {
    folder: Scratch,
    process: Child,
}

impl SshAgent {
    /// Starts it, empty.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn start() -> Result<Self> {
        let folder = Scratch::new()?;
        let process = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(folder.join("agent"))
            .stdout(Stdio::null())
            .spawn()
            .context("starting ssh-agent")?;
        let agent = Self { folder, process };
        let socket = agent.socket();
        wait::until("the agent has its socket", Duration::from_secs(10), || {
            if socket.exists() { Ok(()) } else { Err("there is none") }
        })?;
        Ok(agent)
    }

    /// Its socket, for `IdentityAgent` or `SSH_AUTH_SOCK`.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("agent")
    }

    /// Gives it a key that is not locked.
    ///
    /// # Errors
    /// When ssh-add refuses the file.
    pub fn add(&self, key: &Path) -> Result<()> {
        let mut adding = Command::new("ssh-add");
        let status = adding.arg("-q").arg(key).env("SSH_AUTH_SOCK", self.socket()).status()?;
        ensure!(status.success(), "ssh-add refuses {}", key.display());
        Ok(())
    }
}

impl Drop for SshAgent {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            log::warn!("ending an agent: {error}");
        }
    }
}
