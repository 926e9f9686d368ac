//! The addresses of guests.

use harmony_capabilities::virtualization::{AddressSource, GuestAddress};
use harmony_types::MacAddress;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::raw;
use super::super::xml::{self, Domain};
use super::neighbours::neighbours;

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
        let read = self.connection().read(what, move |link| link.addresses(&object, asked)).await;
        let nics = match read {
            Err(error)
                if source == AddressSource::Arp
                    && error.kind() == LibvirtErrorKind::Failed
                    && (self.connection().is_this_machine() || self.view().is_another_host()) =>
            {
                log::debug!("{error}; looking at the host's neighbours instead");
                return self.neighbours_of(name).await;
            }
            answer => answer?,
        };
        let mut found = Vec::new();
        for nic in nics {
            let mac = nic.mac.as_deref().and_then(|mac| mac.parse().ok());
            let ips = nic.addresses.iter().filter_map(|ip| ip.parse::<std::net::IpAddr>().ok());
            let ips = ips.filter(|ip| !ip.is_loopback());
            found.extend(ips.map(|ip| GuestAddress { mac, ip, source }));
        }
        Ok(found)
    }

    /// The neighbours of the host that have a hardware address of the machine `name`.
    async fn neighbours_of(&self, name: &str) -> Result<Vec<GuestAddress>, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else { return Ok(Vec::new()) };
        let found: Domain = xml::read("a domain", row.live.as_ref().unwrap_or(&row.defined))?;
        let macs = found.devices.interfaces.iter().filter_map(|nic| nic.mac.as_ref());
        let macs: Vec<MacAddress> = macs.filter_map(|mac| mac.address.parse().ok()).collect();
        let ours = neighbours(self.view()).await.into_iter().filter(|(mac, _)| macs.contains(mac));
        let source = AddressSource::Arp;
        Ok(ours.map(|(mac, ip)| GuestAddress { mac: Some(mac), ip, source }).collect())
    }
}
