//! What a host is.

mod known;
mod role;

pub use known::{
    Architecture, ClockSkew, Disk, Distribution, Facts, Family, InitSystem, Interface,
    KvmReadiness, Login, MachineKind, PackageTool,
};
pub use role::{HostFacts, OffersHostFacts};
