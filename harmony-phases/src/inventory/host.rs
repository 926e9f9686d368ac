//! One host.

use std::collections::BTreeMap;

use harmony_types::{Hostname, MacAddress, SshAddress};
use serde::Serialize;

/// One host of a site.
///
/// ```
/// use harmony_phases::inventory::Host;
/// let host = Host::new("kvm-1".parse()?, "root@192.0.2.11".parse()?).label("role", "kvm");
/// assert_eq!(host.labels["role"], "kvm");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Host {
    /// What plans, events and claims call it.
    pub name: Hostname,
    /// Where it is reached, as whom, and at which port.
    pub address: SshAddress,
    /// The addresses of its network cards, as far as they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macs: Vec<MacAddress>,
    /// What it is for, e.g. `role = worker`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

impl Host {
    /// A host of which only the name and the address are known.
    pub const fn new(name: Hostname, address: SshAddress) -> Self {
        Self { name, address, macs: Vec::new(), labels: BTreeMap::new() }
    }

    /// Adds the address of a network card.
    pub fn mac(mut self, mac: MacAddress) -> Self {
        self.macs.push(mac);
        self
    }

    /// Adds a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}
