use super::{
    running::taken,
    simulated::SimulatedHypervisor,
    thing::{Kind, Wanted},
};
use crate::virtualization::{
    Lease, NetworkSpec, NetworkStatus, VirtualNetworks, VirtualizationError,
};
use async_trait::async_trait;
use harmony_phases::{Context, Outcome, ValidationReport, ownership::Mark};
use harmony_types::ObjectName;

fn wanted<'a>(mark: &'a Mark, spec: &'a NetworkSpec) -> Wanted<'a> {
    Wanted::new(Kind::Network, &spec.name, mark, spec.custody, spec)
}

#[async_trait]
impl VirtualNetworks for SimulatedHypervisor {
    async fn examine_network(
        &self,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<ValidationReport, VirtualizationError> {
        Ok(self.see(&wanted(mark, spec)).await?.report())
    }

    async fn ensure_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<Outcome, VirtualizationError> {
        self.look_and_ensure(ctx, wanted(mark, spec)).await
    }

    async fn examine_network_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError> {
        self.see_removal(mark, Kind::Network, name).await
    }

    async fn remove_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        self.remove(ctx, mark, Kind::Network, name).await
    }

    async fn networks(&self) -> Result<Vec<NetworkStatus>, VirtualizationError> {
        self.look("list networks", |world| {
            let status = world.all(Kind::Network).map(|(name, network)| NetworkStatus {
                name: name.to_string(),
                active: network.active,
                autostart: network.field("autostart").unwrap_or_default(),
                bridge: network.field("bridge"),
                mark: network.mark.clone(),
            });
            status.collect()
        })
        .await
    }

    async fn leases(&self, network: &ObjectName) -> Result<Vec<Lease>, VirtualizationError> {
        self.look(&format!("list leases of network `{network}`"), |world| {
            let of_all = world.all(Kind::Machine).flat_map(|(_, machine)| taken(world, machine));
            of_all.filter(|(on, _)| on == network).map(|(_, lease)| lease).collect()
        })
        .await
    }
}
