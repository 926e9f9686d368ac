use harmony_types::{Hostname, MacAddress};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// An address that DHCP always gives to the same network card.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaticLease {
    /// The network card.
    pub mac: MacAddress,
    /// Its address.
    pub ip: IpAddr,
    /// The name it is told, and that DNS answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Hostname>,
}

/// The names that a network's DNS answers with one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsHost {
    /// The address.
    pub ip: IpAddr,
    /// Its names, at least one.
    pub names: Vec<Hostname>,
}
