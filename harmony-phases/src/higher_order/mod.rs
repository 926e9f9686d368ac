//! Topologies made of topologies.
//!
//! Capabilities reach them by blanket impls that `#[capability]` writes beside each trait, one per
//! capability; transitions reach one half at a time, so that a half-advanced pair has a type of
//! its own.

mod failover;
mod halves;

pub use failover::FailoverTopology;
pub use halves::{Primary, Replica};
