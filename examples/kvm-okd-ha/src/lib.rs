//! The machines of a highly available OKD cluster on one hypervisor.
#![forbid(unsafe_code)]

mod nodes;
mod options;
pub mod specs;

pub use nodes::{Node, Role, Scale, Size, nodes};
pub use options::KvmOkdHa;
