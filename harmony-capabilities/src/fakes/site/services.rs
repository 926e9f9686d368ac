//! What the gateway's services have.

use harmony_phases::{Permit, ownership::Mark};

use super::world::World;
use crate::{
    keeping::{Item, Marked},
    network::{DnsRecord, Frontend, NetworkError, NetworkErrorKind, Reservation, StoredFile},
};

/// What the gateway's services have, with whose it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Services {
    /// Of the DHCP server.
    pub reservations: Vec<Marked<Reservation>>,
    /// Of the DNS server.
    pub records: Vec<Marked<DnsRecord>>,
    /// Of the TFTP server.
    pub files: Vec<Marked<StoredFile>>,
    /// Of the load balancer.
    pub frontends: Vec<Marked<Frontend>>,
}

/// Which list of the services holds a kind of thing.
pub(super) trait Served: Item {
    fn list(services: &mut Services) -> &mut Vec<Marked<Self>>;
}

macro_rules! served {
    ($($item:ty: $list:ident),*) => {$(
        impl Served for $item {
            fn list(services: &mut Services) -> &mut Vec<Marked<Self>> {
                &mut services.$list
            }
        }
    )*};
}

served!(Reservation: reservations, DnsRecord: records, StoredFile: files, Frontend: frontends);

impl World {
    /// Makes a thing, in place of whatever has its key; nothing happens where it is there already.
    pub(super) fn put<I: Served>(
        &mut self,
        permit: &Permit,
        item: &I,
        mark: &Mark,
    ) -> Result<(), NetworkError> {
        let (key, list) = (item.key(), I::list(&mut self.services));
        let mut others = list.iter().filter(|other| !other.item.same(item));
        if let Some(why) = others.find_map(|other| item.clash(&other.item)) {
            let what = format!("put {} `{key}`: another {why}", I::KIND);
            return Err(NetworkError::new(NetworkErrorKind::Conflict, what));
        }
        let wanted = Marked::new(item.clone(), mark.clone());
        let there: Vec<_> = list.extract_if(.., |other| other.item.same(item)).collect();
        let same = there.as_slice() == [wanted.clone()];
        list.push(wanted);
        if !same {
            let verb = if there.is_empty() { "create" } else { "change" };
            self.happened(permit, format!("{verb} {}", I::KIND), &key);
        }
        Ok(())
    }

    /// Makes everything of a key go away; nothing happens where there is nothing.
    pub(super) fn remove<I: Served>(&mut self, permit: &Permit, key: &str) {
        let list = I::list(&mut self.services);
        if list.extract_if(.., |other| other.item.key() == key).count() > 0 {
            self.happened(permit, format!("remove {}", I::KIND), key);
        }
    }
}
