//! How a socket or a port of the host is reached.

use std::fmt;

use harmony_capabilities::host::{Command, CommandExecution};
use harmony_types::{HostPath, Port};
use russh::ChannelOpenFailure;

use super::{bridge, direct::Direct};
use crate::ssh::{Ssh, SshError, SshErrorKind as Kind};

/// What is forwarded.
#[derive(Clone, Debug)]
pub(super) enum Remote {
    Port { host: String, port: Port },
    Socket(HostPath),
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port { host, port } => write!(f, "port {port} of {host}"),
            Self::Socket(path) => write!(f, "socket {path}"),
        }
    }
}

/// How it is reached.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// By a command on the host, one for each connection.
    Bridge(Command),
    /// By a channel of the protocol.
    Direct,
}

/// Finds a way by trying: first a channel, then what the host has for a bridge.
pub(super) async fn find(ssh: &Ssh, remote: &Remote) -> Result<Way, SshError> {
    let link = ssh.shared.connection.link().await?;
    let refusal = match Direct::open(link, remote).await {
        Ok(_) => return Ok(Way::Direct),
        Err(russh::Error::ChannelOpenFailure(refusal)) => refusal,
        Err(error) => {
            let what = format!("connect to {remote}");
            return Err(SshError::new(Kind::Unreachable, what).at(ssh.place()).caused_by(error));
        }
    };
    if let (Remote::Port { .. }, ChannelOpenFailure::ConnectFailed) = (remote, &refusal) {
        return Err(SshError::new(Kind::Failed, format!("connect to {remote}"))
            .at(ssh.place())
            .remedy("check that it listens, and that the host can reach it")
            .caused_by("seen from there, nothing answers"));
    }
    log::debug!("{} opens no channel to {remote} ({refusal:?}): looking for a bridge", ssh.place());
    bridge::find(ssh, remote).await.map(Way::Bridge)
}
