use harmony_phases::{Context, capability, ownership::Mark};

use super::SysctlKey;
use crate::host::HostError;

/// How a kernel parameter stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SysctlState {
    /// Its value now, with single spaces between numbers; none where the kernel has no such parameter.
    pub value: Option<String>,
    /// The value that a file of ours gives it when the host starts.
    pub at_boot: Option<String>,
    /// The mark of who set it.
    pub mark: Option<Mark>,
}

/// Sets the parameters of a host's kernel.
#[capability(failover = both)]
pub trait Sysctl {
    /// How a parameter stands.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn parameter(&self, key: &SysctlKey) -> Result<SysctlState, HostError>;

    /// Sets a parameter now and whenever the host starts.
    ///
    /// # Errors
    /// When the kernel does not have it, or does not take the value.
    async fn set(
        &self,
        ctx: &Context,
        key: &SysctlKey,
        value: &str,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// No longer sets a parameter when the host starts; its value now stays.
    ///
    /// # Errors
    /// When the host does not do it.
    async fn unset(&self, ctx: &Context, key: &SysctlKey) -> Result<(), HostError>;

    /// Every parameter whose setting carries a mark, of whatever site.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn marked_parameters(&self) -> Result<Vec<(SysctlKey, Mark)>, HostError>;
}
