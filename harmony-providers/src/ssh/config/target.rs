use std::path::PathBuf;

use harmony_types::{HostAddress, Port, SshAddress};

use crate::ssh::trust::{HostKeyError, HostKeyPolicy, HostTrust, KnownHostsFiles, KnownName};

/// What an address means: where to connect to, as whom, by which way, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ssh) struct Target {
    /// The host as it was asked for.
    pub(in crate::ssh) alias: HostAddress,
    pub(in crate::ssh) host: HostAddress,
    pub(in crate::ssh) port: Port,
    pub(in crate::ssh) user: String,
    /// The hosts on the way, the nearest first.
    pub(in crate::ssh) jumps: Vec<SshAddress>,
    /// Key files that are named for it.
    pub(in crate::ssh) identity_files: Vec<PathBuf>,
    /// Whether an agent may be asked for those keys alone.
    pub(in crate::ssh) identities_only: bool,
    pub(in crate::ssh) agent: AgentSocket,
    /// What it is called in `known_hosts`.
    pub(in crate::ssh) known_name: KnownName,
    pub(in crate::ssh) known_hosts: KnownHostsFiles,
}

/// Where the agent is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ssh) enum AgentSocket {
    At(PathBuf),
    /// Where `SSH_AUTH_SOCK` says.
    #[default]
    Environment,
    None,
}

impl Target {
    /// What the host may present, under `policy`.
    ///
    /// # Errors
    /// A file of known hosts is there and cannot be read.
    pub(in crate::ssh) fn trust(&self, policy: HostKeyPolicy) -> Result<HostTrust, HostKeyError> {
        HostTrust::of(self.known_name.clone(), policy, self.known_hosts.clone())
    }
}
