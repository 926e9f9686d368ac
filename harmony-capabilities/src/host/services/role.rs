use harmony_phases::{Context, capability};

use super::{ServiceAction, ServiceState, UnitName};
use crate::host::HostError;

/// Runs the services of a host.
#[capability(failover = both)]
pub trait ServiceManager {
    /// How a service stands.
    ///
    /// # Errors
    /// When the host cannot be asked; a service that is not there is no error.
    async fn service(&self, unit: &UnitName) -> Result<ServiceState, HostError>;

    /// Does something to a service and waits until it is done; definitions that were changed are read first.
    ///
    /// # Errors
    /// With the last lines of its log when it did not start.
    async fn act(
        &self,
        ctx: &Context,
        unit: &UnitName,
        action: ServiceAction,
    ) -> Result<(), HostError>;
}
