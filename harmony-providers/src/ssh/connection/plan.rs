//! Everything that is needed to open a connection, once or again.

use std::{fmt, sync::Arc};

use harmony_types::{Port, SshAddress};

use crate::ssh::{Deadlines, config::Target, login::ResolvedCredential, trust::HostTrust};

/// The way to a host: the hosts on it, the nearest first and the one that is wanted last.
#[derive(Debug)]
pub(in crate::ssh) struct Plan {
    pub(in crate::ssh) hops: Vec<Hop>,
    pub(in crate::ssh) deadlines: Deadlines,
    pub(in crate::ssh) sessions: usize,
}

/// One host on the way: where it is, which keys it may show, and as whom to log in.
#[derive(Debug)]
pub(in crate::ssh) struct Hop {
    /// The host as it was asked for.
    pub(in crate::ssh) asked: SshAddress,
    /// Where it is, and as whom to log in.
    pub(in crate::ssh) target: Target,
    pub(in crate::ssh) trust: Arc<HostTrust>,
    pub(in crate::ssh) credentials: Vec<ResolvedCredential>,
}

impl Plan {
    /// The host that is wanted, as an error names it.
    pub(in crate::ssh) fn place(&self) -> String {
        self.hops.last().map(ToString::to_string).unwrap_or_default()
    }

    /// As whom commands run there.
    pub(in crate::ssh) fn user(&self) -> &str {
        self.hops.last().map_or("", |hop| &hop.target.user)
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.target.user, self.asked.host())?;
        match self.target.port {
            Port::SSH => Ok(()),
            port => write!(f, ":{port}"),
        }
    }
}
