//! A host on its way into an inventory.

use std::collections::BTreeMap;

use super::{
    Host, InventoryError, InventoryErrorKind as Kind, Place,
    rules::{broken_by_key, broken_by_value},
};

/// A host on its way into an inventory, and where each part of it was given.
pub(super) struct Candidate {
    pub(super) host: Host,
    pub(super) at: Places,
}

/// Where the parts of a host were given; nowhere, for one that was given in Rust.
#[derive(Default)]
pub(super) struct Places {
    pub(super) name: Option<Place>,
    pub(super) address: Option<Place>,
    pub(super) macs: Vec<Place>,
    pub(super) labels: BTreeMap<String, Place>,
}

impl From<Host> for Candidate {
    fn from(host: Host) -> Self {
        Self { host, at: Places::default() }
    }
}

impl Candidate {
    /// Checks what can be said of a host without knowing the others.
    pub(super) fn check(&self) -> Result<(), InventoryError> {
        for (key, value) in &self.host.labels {
            if let Some(rule) = broken_by_key(key).or_else(|| broken_by_value(value)) {
                let (host, key) = (self.host.name.clone(), key.clone());
                let place = self.at.labels.get(&key).cloned();
                return Err(InventoryError::new(place, Kind::BadLabel { host, key, rule }));
            }
        }
        Ok(())
    }
}
