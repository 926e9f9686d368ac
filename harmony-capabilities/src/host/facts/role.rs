use harmony_phases::capability;

use super::Facts;

/// Knows what a host is; looked up once, when the host was reached.
#[capability(failover = primary)]
pub trait HostFacts {
    /// What was found.
    fn facts(&self) -> &Facts;
}
