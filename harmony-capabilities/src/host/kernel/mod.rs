//! The kernel: its modules and its parameters.

mod module_score;
mod modules;
mod names;
mod sysctl;
mod sysctl_score;

use harmony_phases::Claim;

pub use module_score::{KernelModuleFields, KernelModuleScore, KernelModuleScoreBuilder};
pub use modules::{KernelModules, ModuleState, OffersKernelModules};
pub use names::{ModuleName, SysctlKey};
pub use sysctl::{OffersSysctl, Sysctl, SysctlState};
pub use sysctl_score::{SysctlFields, SysctlScore, SysctlScoreBuilder, SysctlValue};

/// What stands for a kernel module.
pub(super) fn module_claim(name: &ModuleName) -> Claim {
    Claim::object("kernel module", name.as_str())
}

/// What stands for a kernel parameter.
pub(super) fn sysctl_claim(key: &SysctlKey) -> Claim {
    Claim::object("sysctl", key.as_str())
}
