//! Changing a host: one script that does one thing whole, and what its failure means.

mod complaint;
mod script;

pub(in crate::linux) use complaint::Complaint;
pub(in crate::linux) use script::Change;
