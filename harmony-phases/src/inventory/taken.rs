//! What only one host may have.

use std::collections::HashMap;

use harmony_types::{HostAddress, Hostname, MacAddress, Port};

use super::{InventoryError, InventoryErrorKind as Kind, Place, candidate::Candidate};

/// What the hosts so far have, and where it was given.
#[derive(Default)]
pub(super) struct Taken {
    names: HashMap<Hostname, Option<Place>>,
    addresses: HashMap<(HostAddress, Port), Holder>,
    macs: HashMap<MacAddress, Holder>,
}

type Holder = (Hostname, Option<Place>);

impl Taken {
    /// Takes what `candidate` has.
    pub(super) fn add(&mut self, candidate: &Candidate) -> Result<(), InventoryError> {
        let Candidate { host, at } = candidate;
        let refused = |place: Option<&Place>, kind| Err(InventoryError::new(place.cloned(), kind));
        let name = host.name.clone();
        if let Some(first) = self.names.insert(name.clone(), at.name.clone()) {
            return refused(at.name.as_ref(), Kind::SameName { name, first });
        }
        // One address with two ports may be two hosts behind a router.
        let endpoint = (host.address.host().clone(), host.address.port());
        let holder = (name.clone(), at.address.clone());
        if let Some((other, first)) = self.addresses.insert(endpoint, holder) {
            let address = host.address.host().clone();
            let kind = Kind::SameAddress { host: name, other, address, first };
            return refused(at.address.as_ref(), kind);
        }
        for (index, mac) in host.macs.iter().copied().enumerate() {
            let place = at.macs.get(index);
            let holder = (name.clone(), place.cloned());
            if let Some((other, first)) = self.macs.insert(mac, holder) {
                return refused(place, Kind::SameMac { host: name, other, mac, first });
            }
        }
        Ok(())
    }
}
