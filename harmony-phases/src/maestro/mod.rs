//! The maestro: runs pipelines and registered scores, on one system or on many.

mod conductor;
mod ending;
mod fleet;
mod many;
mod repertoire;
mod rollout;

pub use conductor::Maestro;
pub use ending::{FleetError, HostEnd, HostRun, NotRun};
pub use fleet::{Fleet, Pace};
pub use repertoire::{PerformError, Repertoire};
