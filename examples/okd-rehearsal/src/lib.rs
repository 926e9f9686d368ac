//! A rehearsal of an OKD installation: from a network to a cluster, on a site that exists in memory only.
//!
//! [`pipeline`] is the installation. The binary `okd-rehearsal` runs it once; [`tell`] runs it as a story: planned,
//! cut off, gone on with, run again, taken down.
#![forbid(unsafe_code)]

mod fault_argument;
mod program;
mod site;
mod story;

pub use fault_argument::FaultArgument;
pub use program::Rehearsal;
pub use site::pipeline;
pub use story::{FirstRun, Told, tell};
