use harmony_phases::{Context, capability, ownership::Mark};

use super::ModuleName;
use crate::host::HostError;

/// How a kernel module stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleState {
    /// Whether it is in the running kernel, loaded or built in.
    pub loaded: bool,
    /// Whether the running kernel has it at all.
    pub available: bool,
    /// Whether it is loaded when the host starts, by a file of ours.
    pub at_boot: bool,
    /// The options that our file gives it.
    pub options: String,
    /// The mark of who asked for it.
    pub mark: Option<Mark>,
}

/// Loads the modules of a host's kernel.
#[capability(failover = both)]
pub trait KernelModules {
    /// How a module stands.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn module(&self, name: &ModuleName) -> Result<ModuleState, HostError>;

    /// Loads a module now and whenever the host starts, with options such as `nested=1`; options are felt when it is loaded next.
    ///
    /// # Errors
    /// When the kernel does not have it, or does not take it.
    async fn load(
        &self,
        ctx: &Context,
        name: &ModuleName,
        options: &str,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// No longer loads a module when the host starts; one that is loaded stays.
    ///
    /// # Errors
    /// When the host does not do it.
    async fn forget(&self, ctx: &Context, name: &ModuleName) -> Result<(), HostError>;

    /// Every module whose setting carries a mark, of whatever site.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn marked_modules(&self) -> Result<Vec<(ModuleName, Mark)>, HostError>;
}
