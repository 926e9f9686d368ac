//! A Linux host in memory: files, packages, services, users and a kernel that change as on a real one.

mod accounts;
mod commands;
mod contents;
mod files;
mod kernel;
mod packages;
mod services;
mod simulated;

pub use commands::SimulatedProgram;
pub use contents::{HostContents, OfferedPackage};
pub use simulated::SimulatedHost;
