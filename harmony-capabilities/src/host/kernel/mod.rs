//! The kernel: its modules and its parameters.

mod modules;
mod names;
mod sysctl;

pub use modules::{KernelModules, ModuleState, OffersKernelModules};
pub use names::{ModuleName, SysctlKey};
pub use sysctl::{OffersSysctl, Sysctl, SysctlState};
