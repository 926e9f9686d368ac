//! One virtual machine on an isolated network, installed from an ISO image.
//!
//! [`site`] is the whole program; `plan`, `apply`, and `destroy` come from `harmony-cli`.
#![forbid(unsafe_code)]

pub mod demo;
mod options;
mod program;
pub mod real;
mod site;
pub mod specs;

pub use options::{Installer, LinuxVm};
pub use site::site;
