//! A network and a pool that are there from the beginning, where they are asked for.

use harmony_capabilities::virtualization::{
    NetworkMode, NetworkSpec, PoolSpec, SpecError, StoragePools, VirtualNetworks,
    VirtualizationError,
};
use harmony_phases::{BoxError, Context};

use super::install_kvm::InstallKvm;
use crate::libvirt::Libvirt;

/// What both are called, here and in libvirt's own documentation.
const NAME: &str = "default";

impl InstallKvm {
    /// Which of them are asked for and not there, in words.
    pub(super) async fn absent_extras(
        &self,
        libvirt: &Libvirt,
    ) -> Result<Vec<String>, VirtualizationError> {
        let mut absent = Vec::new();
        if self.network && !has_network(libvirt).await? {
            absent.push(format!("network {NAME} is not up"));
        }
        if self.pool && !has_pool(libvirt).await? {
            absent.push(format!("pool {NAME} is not up"));
        }
        Ok(absent)
    }

    /// Brings about those that are asked for and not there.
    pub(super) async fn add_extras(
        &self,
        ctx: &Context,
        libvirt: &Libvirt,
    ) -> Result<(), BoxError> {
        if self.network && !has_network(libvirt).await? {
            let spec = network()?;
            let made = libvirt.ensure_network(ctx, &ctx.mark(), &spec).await?;
            ctx.note(made.message);
        }
        if self.pool && !has_pool(libvirt).await? {
            let spec = pool()?;
            let made = libvirt.ensure_pool(ctx, &ctx.mark(), &spec).await?;
            ctx.note(made.message);
        }
        Ok(())
    }
}

async fn has_network(libvirt: &Libvirt) -> Result<bool, VirtualizationError> {
    let networks = libvirt.networks().await?;
    Ok(networks.iter().any(|it| it.name == NAME && it.active && it.autostart))
}

async fn has_pool(libvirt: &Libvirt) -> Result<bool, VirtualizationError> {
    let pools = libvirt.pools().await?;
    Ok(pools.iter().any(|it| it.name == NAME && it.active && it.autostart))
}

/// As libvirt's own package defines it; one that is there without being up is taken over.
fn network() -> Result<NetworkSpec, SpecError> {
    NetworkSpec::builder()
        .name(NAME)
        .mode(NetworkMode::Nat)
        .subnet("192.168.122.0/24")
        .dhcp_range("192.168.122.2-192.168.122.254")
        .autostart(true)
        .adopt(true)
        .build()
}

fn pool() -> Result<PoolSpec, SpecError> {
    let pool = PoolSpec::builder().name(NAME).path("/var/lib/libvirt/images");
    pool.autostart(true).adopt(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_specs_that_can_be_carried_out() {
        assert_eq!(network().unwrap().gateway_address().unwrap().to_string(), "192.168.122.1");
        assert_eq!(pool().unwrap().path.as_str(), "/var/lib/libvirt/images");
    }
}
