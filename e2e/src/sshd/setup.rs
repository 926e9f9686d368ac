//! What a server is like before it is started.

use anyhow::Result;

use super::Sshd;

/// What a server is like: one ed25519 host key, key and password logins, and else as OpenSSH ships it.
#[derive(Clone, Debug)]
pub struct SshdSetup {
    pub(super) lines: Vec<String>,
    pub(super) host_keys: Vec<&'static str>,
}

impl Default for SshdSetup {
    fn default() -> Self {
        Self { lines: Vec::new(), host_keys: vec!["ed25519"] }
    }
}

impl SshdSetup {
    /// Adds a line to `sshd_config`, such as `MaxSessions 1`; it goes before what is set otherwise.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Which kinds of host keys it has: `ed25519`, `ecdsa`, `rsa`.
    #[must_use]
    pub fn host_keys(mut self, kinds: &[&'static str]) -> Self {
        self.host_keys = kinds.to_vec();
        self
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// When it is not installed, cannot be put into a namespace (this needs root), or does not answer.
    pub fn start(self) -> Result<Sshd> {
        Sshd::start(&self)
    }
}
