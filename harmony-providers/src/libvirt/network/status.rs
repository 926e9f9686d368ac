//! Networks as they are, and the leases they gave away.

use harmony_capabilities::virtualization::{Lease, NetworkStatus};

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::Link;
use super::super::xml::{self, Metadata, Network};

impl Libvirt {
    pub(crate) async fn all_networks(&self) -> Result<Vec<NetworkStatus>, LibvirtError> {
        let rows = self.connection().read("list networks", Link::networks).await?;
        rows.into_iter()
            .map(|row| {
                let network: Network = xml::read("a network", &row.defined)?;
                Ok(NetworkStatus {
                    name: row.name,
                    active: row.active,
                    autostart: row.autostart,
                    mark: network.metadata.as_ref().and_then(Metadata::mark),
                    bridge: network.bridge.and_then(|bridge| bridge.name),
                })
            })
            .collect()
    }

    pub(crate) async fn leases_of(&self, network: &str) -> Result<Vec<Lease>, LibvirtError> {
        let name = network.to_owned();
        let what = ["read the leases of ", network].concat();
        let rows = self.connection().read(what, move |link| link.leases(&name)).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                Some(Lease {
                    mac: row.mac?.parse().ok()?,
                    ip: row.ip.parse().ok()?,
                    hostname: row.hostname,
                })
            })
            .collect())
    }
}
