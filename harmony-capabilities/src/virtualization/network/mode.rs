use harmony_types::InterfaceName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a virtual network reaches the world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum NetworkMode {
    /// Machines are plugged into a bridge that the host already has; addresses are somebody else's
    /// business there.
    HostBridge {
        /// The bridge of the host.
        bridge: InterfaceName,
    },
    /// Machines reach each other and the host, nothing else.
    #[default]
    Isolated,
    /// Machines reach out behind the host's address.
    Nat,
    /// Machines reach out with their own addresses; the routes to them are the user's business.
    Routed {
        /// The host's interface that traffic is limited to; all of them if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dev: Option<InterfaceName>,
    },
}

impl NetworkMode {
    /// What the host has to have for it.
    pub(crate) fn needs(&self) -> Option<String> {
        match self {
            Self::HostBridge { bridge } => Some(format!("the host has the bridge `{bridge}`")),
            Self::Routed { dev: Some(dev) } => Some(format!("the host has the interface `{dev}`")),
            Self::Isolated | Self::Nat | Self::Routed { dev: None } => None,
        }
    }
}

impl fmt::Display for NetworkMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HostBridge { bridge } => write!(f, "on the bridge {bridge} of the host"),
            Self::Isolated => f.write_str("isolated"),
            Self::Nat => f.write_str("behind the host's address (NAT)"),
            Self::Routed { dev: Some(dev) } => write!(f, "routed through {dev}"),
            Self::Routed { dev: None } => f.write_str("routed"),
        }
    }
}
