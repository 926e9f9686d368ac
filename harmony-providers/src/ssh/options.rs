//! How a host is reached.

use std::time::Duration;

use harmony_phases::SecretRef;
use harmony_types::SshAddress;

use super::{config::SshConfig, login::Credential, trust::HostKeyPolicy};

/// How to reach a host over SSH: where it is, which key it has to show, how to log in, and how to
/// become root there.
///
/// It names secrets and holds none.
///
/// ```
/// use harmony_providers::ssh::{Escalation, SshOptions};
/// let options = SshOptions::to("deploy@h1.example".parse()?)
///     .escalation(Escalation::SudoWithPassword("env:SUDO_PASSWORD".parse()?));
/// assert_eq!(options.address().user(), Some("deploy"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SshOptions {
    pub(super) address: SshAddress,
    pub(super) host_keys: HostKeyPolicy,
    pub(super) credentials: Vec<Credential>,
    pub(super) escalation: Escalation,
    pub(super) config: SshConfig,
    pub(super) jumps: Option<Vec<SshAddress>>,
    pub(super) deadlines: Deadlines,
    pub(super) sessions: usize,
}

/// How a login that is not root becomes root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Escalation {
    /// Not at all: what needs root is refused.
    Never,
    /// Through sudo that asks for no password.
    #[default]
    Sudo,
    /// Through sudo, with this password if it asks for one; it goes to sudo's standard input.
    SudoWithPassword(SecretRef),
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// From the first packet to the end of the login, over all jumps.
    pub connect: Duration,
    /// How long a host may be silent before it is asked for a sign of life; after the third
    /// question without an answer the connection is lost.
    pub silence: Duration,
    /// How long a command may take that does not say so itself; none is no limit.
    pub command: Option<Duration>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { connect: Duration::from_secs(20), silence: Duration::from_secs(5), command: None }
    }
}

impl SshOptions {
    /// Commands at a time, unless said otherwise: below the 10 that sshd allows.
    pub const SESSIONS: usize = 8;

    /// The host at `address`, whose key is in the file of known hosts.
    pub fn to(address: SshAddress) -> Self {
        Self {
            address,
            host_keys: HostKeyPolicy::default(),
            credentials: Vec::new(),
            escalation: Escalation::default(),
            config: SshConfig::default(),
            jumps: None,
            deadlines: Deadlines::default(),
            sessions: Self::SESSIONS,
        }
    }

    /// Which host keys are trusted.
    pub fn host_keys(mut self, policy: HostKeyPolicy) -> Self {
        self.host_keys = policy;
        self
    }

    /// What to log in with, in this order; what `ssh` itself would try unless said otherwise.
    pub fn credentials(mut self, credentials: impl IntoIterator<Item = Credential>) -> Self {
        self.credentials = credentials.into_iter().collect();
        self
    }

    /// How to become root.
    pub fn escalation(mut self, escalation: Escalation) -> Self {
        self.escalation = escalation;
        self
    }

    /// Which configuration of `ssh` is honoured; the user's own unless said otherwise.
    pub fn config(mut self, config: SshConfig) -> Self {
        self.config = config;
        self
    }

    /// The hosts on the way, the nearest first; overrides `ProxyJump` of the configuration.
    pub fn through(mut self, jumps: impl IntoIterator<Item = SshAddress>) -> Self {
        self.jumps = Some(jumps.into_iter().collect());
        self
    }

    /// How long is waited.
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        self.deadlines = deadlines;
        self
    }

    /// How many commands run at a time; at least 1.
    ///
    /// A server that allows fewer (`MaxSessions`) is waited for, whatever is said here.
    pub fn sessions(mut self, most: usize) -> Self {
        self.sessions = most.max(1);
        self
    }

    /// The host.
    pub const fn address(&self) -> &SshAddress {
        &self.address
    }
}
