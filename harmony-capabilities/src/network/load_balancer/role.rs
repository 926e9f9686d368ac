use harmony_macros::capability;
use harmony_phases::{Context, ownership::Mark};
use harmony_types::ObjectName;

use super::{Frontend, ServerHealth};
use crate::network::{Marked, NetworkError};

/// A load balancer for TCP connections that checks its servers.
///
/// HAProxy on a Linux host and HAProxy as OPNsense manages it both know a frontend by name, check servers actively, and
/// tell which of them they give work to; marks are comments or descriptions. Taking TLS or HTTP apart is left out.
///
/// Failover is `both`: the virtual address moves to the other half without a word to us, which then has to listen on it.
#[capability(failover = both)]
pub trait LoadBalancer {
    /// Every frontend there is, whoever made it.
    ///
    /// # Errors
    /// When the load balancer cannot be reached.
    async fn frontends(&self) -> Result<Vec<Marked<Frontend>>, NetworkError>;

    /// What the load balancer knows of the servers behind a frontend; nothing where there is no such frontend.
    ///
    /// # Errors
    /// When the load balancer cannot be reached.
    async fn health(&self, frontend: &ObjectName) -> Result<Vec<ServerHealth>, NetworkError>;

    /// Makes a frontend, in place of one of its name, and marks it.
    ///
    /// # Errors
    /// With kind `Conflict` when something else listens there.
    async fn serve(
        &self,
        ctx: &Context,
        frontend: &Frontend,
        mark: &Mark,
    ) -> Result<(), NetworkError>;

    /// Removes a frontend and what is behind it; nothing to do where there is none.
    ///
    /// # Errors
    /// When the load balancer cannot be reached or does not do it, or the run was cancelled.
    async fn retire(&self, ctx: &Context, frontend: &ObjectName) -> Result<(), NetworkError>;
}
