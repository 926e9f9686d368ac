//! The roles that libvirt plays.

use std::time::Duration;

use async_trait::async_trait;
use harmony_capabilities::virtualization::{
    AddressSource, BootSign, GuestAddress, Hypervisor, Lease, MachineStatus, NetworkSpec,
    NetworkStatus, PoolSpec, PoolStatus, ShutDown, StoragePools, Undefine, VirtualNetworks,
    VirtualizationError, VmSpec, VolumeRef, VolumeSpec, VolumeStatus,
};
use harmony_phases::ownership::{Custody, Mark};
use harmony_phases::{Context, Outcome, ValidationReport};
use harmony_types::ObjectName;

use super::provider::Libvirt;

/// What is asked for came to this.
type Answer<T> = Result<T, VirtualizationError>;

/// The mark as it is written: protection is the spec's to say.
fn marked(mark: &Mark, custody: Custody) -> Mark {
    mark.clone().protect(custody.protect)
}

#[async_trait]
impl VirtualNetworks for Libvirt {
    async fn examine_network(&self, mark: &Mark, spec: &NetworkSpec) -> Answer<ValidationReport> {
        Ok(self.plan_network(&marked(mark, spec.custody), spec).await?)
    }

    async fn ensure_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Answer<Outcome> {
        Ok(self.shape_network(ctx, &marked(mark, spec.custody), spec).await?)
    }

    async fn examine_network_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Answer<ValidationReport> {
        Ok(self.plan_network_removal(mark, name.as_str()).await?)
    }

    async fn remove_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Answer<Outcome> {
        Ok(self.take_network_away(ctx, mark, name.as_str()).await?)
    }

    async fn networks(&self) -> Answer<Vec<NetworkStatus>> {
        Ok(self.all_networks().await?)
    }

    async fn leases(&self, network: &ObjectName) -> Answer<Vec<Lease>> {
        Ok(self.leases_of(network.as_str()).await?)
    }
}

#[async_trait]
impl StoragePools for Libvirt {
    async fn examine_pool(&self, mark: &Mark, spec: &PoolSpec) -> Answer<ValidationReport> {
        Ok(self.plan_pool(&marked(mark, spec.custody), spec).await?)
    }

    async fn ensure_pool(&self, ctx: &Context, mark: &Mark, spec: &PoolSpec) -> Answer<Outcome> {
        Ok(self.shape_pool(ctx, &marked(mark, spec.custody), spec).await?)
    }

    async fn examine_pool_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Answer<ValidationReport> {
        Ok(self.plan_pool_removal(mark, name.as_str()).await?)
    }

    async fn remove_pool(&self, ctx: &Context, mark: &Mark, name: &ObjectName) -> Answer<Outcome> {
        Ok(self.take_pool_away(ctx, mark, name.as_str()).await?)
    }

    async fn examine_volume(&self, mark: &Mark, spec: &VolumeSpec) -> Answer<ValidationReport> {
        Ok(self.plan_volume(&marked(mark, spec.custody), spec).await?)
    }

    async fn ensure_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Answer<Outcome> {
        Ok(self.shape_volume(ctx, &marked(mark, spec.custody), spec).await?)
    }

    async fn examine_volume_removal(
        &self,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Answer<ValidationReport> {
        Ok(self.plan_volume_removal(mark, volume).await?)
    }

    async fn remove_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Answer<Outcome> {
        Ok(self.take_volume_away(ctx, mark, volume).await?)
    }

    async fn pools(&self) -> Answer<Vec<PoolStatus>> {
        Ok(self.all_pools().await?)
    }

    async fn volumes(&self, pool: &ObjectName) -> Answer<Vec<VolumeStatus>> {
        Ok(self.all_volumes(pool.as_str()).await?)
    }
}

#[async_trait]
impl Hypervisor for Libvirt {
    async fn examine_machine(&self, mark: &Mark, spec: &VmSpec) -> Answer<ValidationReport> {
        Ok(self.plan_machine(&marked(mark, spec.custody), spec).await?)
    }

    async fn ensure_machine(&self, ctx: &Context, mark: &Mark, spec: &VmSpec) -> Answer<Outcome> {
        Ok(self.shape_machine(ctx, &marked(mark, spec.custody), spec, true).await?)
    }

    async fn define_machine(&self, ctx: &Context, mark: &Mark, spec: &VmSpec) -> Answer<Outcome> {
        Ok(self.shape_machine(ctx, &marked(mark, spec.custody), spec, false).await?)
    }

    async fn examine_machine_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Answer<ValidationReport> {
        Ok(self.plan_machine_removal(mark, name.as_str()).await?)
    }

    async fn remove_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Answer<Outcome> {
        Ok(self.take_machine_away(ctx, mark, name.as_str()).await?)
    }

    async fn start_machine(&self, ctx: &Context, name: &ObjectName) -> Answer<Outcome> {
        Ok(self.start(ctx, name.as_str()).await?)
    }

    async fn shut_down_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        deadline: Duration,
    ) -> Answer<ShutDown> {
        Ok(self.shut_down(ctx, name.as_str(), deadline).await?)
    }

    async fn power_off_machine(&self, ctx: &Context, name: &ObjectName) -> Answer<Outcome> {
        Ok(self.power_off(ctx, name.as_str()).await?)
    }

    async fn reset_machine(&self, ctx: &Context, name: &ObjectName) -> Answer<Outcome> {
        Ok(self.reset(ctx, name.as_str()).await?)
    }

    async fn undefine_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        with: Undefine,
    ) -> Answer<Outcome> {
        Ok(self.undefine_with(ctx, name.as_str(), with).await?)
    }

    async fn machine(&self, name: &ObjectName) -> Answer<Option<MachineStatus>> {
        Ok(self.machine_named(name.as_str()).await?)
    }

    async fn machines(&self) -> Answer<Vec<MachineStatus>> {
        Ok(self.all_machines().await?)
    }

    async fn addresses(
        &self,
        name: &ObjectName,
        source: AddressSource,
    ) -> Answer<Vec<GuestAddress>> {
        Ok(self.addresses_of(name.as_str(), source).await?)
    }

    async fn wait_until_booted(
        &self,
        ctx: &Context,
        name: &ObjectName,
        sign: &BootSign,
        deadline: Option<Duration>,
    ) -> Answer<String> {
        Ok(self.booted(ctx, name.as_str(), sign, deadline).await?)
    }
}
