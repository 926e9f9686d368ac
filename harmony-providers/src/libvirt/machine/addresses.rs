//! The addresses of guests.

use harmony_capabilities::virtualization::{AddressSource, GuestAddress};

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw;

impl Libvirt {
    /// The addresses of a guest as one source knows them, without those of its loopback.
    pub(crate) async fn addresses_of(
        &self,
        name: &str,
        source: AddressSource,
    ) -> Result<Vec<GuestAddress>, LibvirtError> {
        let asked = match source {
            AddressSource::Agent => raw::AddressSource::Agent,
            AddressSource::Arp => raw::AddressSource::Arp,
            AddressSource::Lease => raw::AddressSource::Lease,
        };
        let (object, what) = (name.to_owned(), ["ask for the addresses of ", name].concat());
        let nics = self.connection().read(what, move |link| link.addresses(&object, asked)).await?;
        let mut found = Vec::new();
        for nic in nics {
            let mac = nic.mac.as_deref().and_then(|mac| mac.parse().ok());
            let ips = nic.addresses.iter().filter_map(|ip| ip.parse::<std::net::IpAddr>().ok());
            let ips = ips.filter(|ip| !ip.is_loopback());
            found.extend(ips.map(|ip| GuestAddress { mac, ip, source }));
        }
        Ok(found)
    }
}
