//! The machines of a highly available OKD cluster on one hypervisor.
//!
//! [`site`] is the whole program; `plan`, `apply`, and `destroy` come from `harmony-cli`.
#![forbid(unsafe_code)]

mod nodes;
mod options;
mod program;
mod site;
pub mod specs;
mod status;

pub use nodes::{Node, Role, Scale, Size, nodes};
pub use options::KvmOkdHa;
pub use site::site;
