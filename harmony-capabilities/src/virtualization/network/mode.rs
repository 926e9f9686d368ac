use harmony_types::InterfaceName;
use serde::{Deserialize, Serialize};

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
