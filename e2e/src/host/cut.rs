//! How a connection is cut, and what makes it whole again.

use std::fmt;

use anyhow::Result;

use super::single::TestHost;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// Both sides are told that the other has hung up.
    HangUp,
    /// Nothing arrives any more, and nobody is told.
    Silence,
    /// A packet filter of the host drops whatever comes and goes.
    PacketsDropped,
    /// The host loses its network card.
    InterfaceDown,
    /// Every sshd of the host is killed, and started anew.
    SshdKilled,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::HangUp, Self::PacketsDropped, Self::SshdKilled, Self::InterfaceDown, Self::Silence];

    /// Whether it happens to the host, and not to the wire before it.
    pub(super) fn is_of_the_host(self) -> bool {
        !matches!(self, Self::HangUp | Self::Silence)
    }

    /// Does to `host` what is done there.
    pub(super) fn begin(self, host: &TestHost) -> Result<()> {
        match self {
            Self::HangUp | Self::Silence => Ok(()),
            Self::PacketsDropped => host.drop_packets(),
            Self::InterfaceDown => host.cut(),
            Self::SshdKilled => {
                host.sh("pkill -KILL -x sshd; systemctl restart ssh.service").map(drop)
            }
        }
    }

    /// Ends it, or waits for its end.
    pub(super) fn end(self, host: &TestHost) -> Result<()> {
        match self {
            Self::HangUp | Self::Silence => Ok(()),
            Self::SshdKilled => host.wait_until_up(),
            Self::PacketsDropped => host.pass_packets(),
            Self::InterfaceDown => host.mend(),
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HangUp => "hung up",
            Self::Silence => "silent",
            Self::PacketsDropped => "packets dropped",
            Self::InterfaceDown => "interface down",
            Self::SshdKilled => "sshd killed",
        })
    }
}
