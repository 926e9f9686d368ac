use harmony_types::{MacAddress, Port};
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};

/// An address of a guest, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GuestAddress {
    /// The network card that has it, where the source tells.
    pub mac: Option<MacAddress>,
    /// The address.
    pub ip: IpAddr,
    /// Who says so.
    pub source: AddressSource,
}

/// Who is asked for the addresses of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressSource {
    /// The agent in the guest: knows all of them, and must be installed there.
    Agent,
    /// The host's table of neighbours: knows whom the host has talked to lately.
    Arp,
    /// The DHCP server of the network: knows what it gave away.
    Lease,
}

/// An address that DHCP has given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lease {
    /// The network card.
    pub mac: MacAddress,
    /// Its address.
    pub ip: IpAddr,
    /// The name that it told, if any.
    pub hostname: Option<String>,
}

/// A sign that a guest has come up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BootSign {
    /// One of its network cards got an address by DHCP.
    Lease,
    /// One of its addresses accepts connections on this TCP port.
    Port(Port),
    /// A line with this text in it stands in the file that its serial line is written to.
    SerialLine(String),
}

impl fmt::Display for BootSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lease => f.write_str("a DHCP lease"),
            Self::Port(port) => write!(f, "TCP port {port} open"),
            Self::SerialLine(text) => write!(f, "`{text}` on the serial line"),
        }
    }
}
