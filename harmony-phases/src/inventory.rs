//! The hosts of a site, with their addresses and labels.

use std::{collections::BTreeMap, net::IpAddr};

use harmony_types::Hostname;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The hosts of a site, each name and each address once.
///
/// ```
/// use harmony_phases::inventory::{Host, Inventory};
/// let inventory = Inventory::new([
///     Host::new("cp-0".parse()?, [192, 168, 100, 10].into()).label("role", "control-plane"),
///     Host::new("w-0".parse()?, [192, 168, 100, 20].into()).label("role", "worker"),
/// ])?;
/// assert_eq!(inventory.labelled("role", "worker").count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    hosts: Vec<Host>,
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name.
    pub name: Hostname,
    /// Where it is reached.
    pub address: IpAddr,
    /// What it is for, e.g. `role = worker`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// Why a list of hosts is no inventory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InventoryError {
    /// Two hosts have one address.
    #[error("hosts `{0}` and `{1}` both have address {2}; give one of them another")]
    SameAddress(Hostname, Hostname, IpAddr),
    /// Two hosts have one name.
    #[error("two hosts are called `{0}`; rename one of them")]
    SameName(Hostname),
}

impl Host {
    /// A host without labels.
    pub const fn new(name: Hostname, address: IpAddr) -> Self {
        Self { name, address, labels: BTreeMap::new() }
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}

impl Inventory {
    /// An inventory of `hosts`.
    ///
    /// # Errors
    /// Two hosts share a name or an address.
    pub fn new(hosts: impl IntoIterator<Item = Host>) -> Result<Self, InventoryError> {
        let mut inventory = Self::default();
        for host in hosts {
            inventory.add(host)?;
        }
        Ok(inventory)
    }

    fn add(&mut self, host: Host) -> Result<(), InventoryError> {
        for other in &self.hosts {
            if other.name == host.name {
                return Err(InventoryError::SameName(host.name));
            }
            if other.address == host.address {
                let (a, b) = (other.name.clone(), host.name);
                return Err(InventoryError::SameAddress(a, b, host.address));
            }
        }
        self.hosts.push(host);
        Ok(())
    }

    /// All hosts, in the order they were given.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The host called `name`.
    pub fn host(&self, name: &Hostname) -> Option<&Host> {
        self.hosts.iter().find(|host| host.name == *name)
    }

    /// The hosts whose label `key` is `value`.
    pub fn labelled<'a>(&'a self, key: &'a str, value: &'a str) -> impl Iterator<Item = &'a Host> {
        self.hosts.iter().filter(move |h| h.labels.get(key).is_some_and(|v| v == value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_one_host() {
        let at = IpAddr::from([10, 0, 0, 1]);
        let hosts = [Host::new("a".parse().unwrap(), at), Host::new("b".parse().unwrap(), at)];
        let error = Inventory::new(hosts).unwrap_err();
        assert!(error.to_string().starts_with("hosts `a` and `b` both have address 10.0.0.1"));
    }
}
