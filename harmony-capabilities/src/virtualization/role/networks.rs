use super::{Lease, NetworkStatus};
use crate::virtualization::{NetworkSpec, VirtualizationError};
use harmony_phases::{Context, Outcome, ValidationReport, capability, ownership::Mark};
use harmony_types::ObjectName;

/// Connects virtual machines with each other and, if wanted, with the world.
///
/// A pair of hypervisors does what its primary does.
#[capability(failover = primary)]
pub trait VirtualNetworks {
    /// Looks at the network that a spec names, and answers what ensuring it would do.
    ///
    /// # Errors
    /// When looking failed; a network that must not be touched is no error but a `Blocked` report.
    async fn examine_network(
        &self,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Brings the network into the shape of the spec and starts it; where it is so already, nothing
    /// is touched.
    ///
    /// # Errors
    /// When it must not be touched (`Blocked`), or the hypervisor could not do it.
    async fn ensure_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at a network and answers what removing it would do.
    ///
    /// # Errors
    /// When looking failed.
    async fn examine_network_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Stops and removes a network that carries the mark of the same site; others are left in
    /// place.
    ///
    /// # Errors
    /// When the hypervisor could not do it.
    async fn remove_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Lists all networks, whoever made them.
    ///
    /// # Errors
    /// When looking failed: a list is complete, or there is none.
    async fn networks(&self) -> Result<Vec<NetworkStatus>, VirtualizationError>;

    /// Lists the addresses that DHCP has given to somebody in a network.
    ///
    /// # Errors
    /// When looking failed, or there is no such network.
    async fn leases(&self, network: &ObjectName) -> Result<Vec<Lease>, VirtualizationError>;
}
