//! The maestro: runs pipelines and registered scores, on one system or on many.

mod conductor;
mod many;
mod repertoire;

pub use conductor::Maestro;
pub use many::HostRun;
pub use repertoire::{PerformError, Repertoire};
