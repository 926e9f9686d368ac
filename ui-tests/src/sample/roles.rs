//! The capabilities of the sample.

use std::net::IpAddr;

use harmony_phases::{Context, FailoverTopology, InterpretError, InterpretErrorKind, capability};
use thiserror::Error;

/// A role could not be played.
#[derive(Debug, Error)]
#[error("failed to {what}")]
pub struct RoleError {
    what: &'static str,
}

impl From<RoleError> for InterpretError {
    fn from(error: RoleError) -> Self {
        Self::new(InterpretErrorKind::Failed, error.what)
    }
}

/// Hands out addresses.
#[capability]
pub trait DhcpServer {
    /// The address that `mac` has.
    async fn lease(&self, mac: &str) -> Result<Option<IpAddr>, RoleError>;
    /// Gives `mac` the address `ip` from now on.
    async fn reserve(&self, ctx: &Context, mac: &str, ip: IpAddr) -> Result<(), RoleError>;
}

/// Answers for names; a pair answers the same on both halves.
#[capability(failover = both)]
pub trait DnsServer {
    /// The address that `name` has.
    async fn resolve(&self, name: &str) -> Result<Option<IpAddr>, RoleError>;
    /// Gives `name` the address `ip`.
    async fn publish(&self, ctx: &Context, name: &str, ip: IpAddr) -> Result<(), RoleError>;
}

/// Speaks to a Kubernetes API.
#[capability]
pub trait K8sClient {
    /// Applies a manifest.
    async fn apply(&self, ctx: &Context, manifest: &str) -> Result<(), RoleError>;
}

/// Runs virtual machines.
#[capability(failover = manual)]
pub trait Hypervisor {
    /// Starts a machine and says on which host.
    async fn start(&self, ctx: &Context, machine: &str) -> Result<String, RoleError>;
}

#[async_trait::async_trait]
impl<Primary: Hypervisor, Replica: Hypervisor> Hypervisor for FailoverTopology<Primary, Replica> {
    async fn start(&self, ctx: &Context, machine: &str) -> Result<String, RoleError> {
        match self.primary.start(ctx, machine).await {
            Ok(host) => Ok(host),
            Err(_) => self.replica.start(ctx, machine).await,
        }
    }
}
