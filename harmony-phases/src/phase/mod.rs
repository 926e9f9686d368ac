//! Phases: states of the world as types, and the topology that is in one of them.

mod relation;
mod topology;

pub use relation::{Grants, Phase, Reached, Resting, RestingPhase, StartPhase};
pub use topology::Topology;
