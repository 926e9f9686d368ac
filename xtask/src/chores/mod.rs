//! One file per chore.

pub(crate) mod bench;
pub(crate) mod bless;
pub(crate) mod demo;
pub(crate) mod docs;
pub(crate) mod fuzz;
pub(crate) mod hosts_demo;
pub(crate) mod lint;
pub(crate) mod test;
pub(crate) mod torture;
