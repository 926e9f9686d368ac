//! One host over SSH, from bare to a running virtual machine.
//!
//! [`site`] is the whole program; `plan`, `apply`, and `destroy` come from `harmony-cli`.
#![forbid(unsafe_code)]

mod options;
mod program;
mod reach;
mod site;
pub mod specs;

pub use options::KvmHostOptions;
pub use reach::reach;
pub use site::site;
