//! One virtual machine on an isolated network, installed from an ISO image.
#![forbid(unsafe_code)]

mod options;
pub mod specs;

pub use options::{Installer, LinuxVm};
