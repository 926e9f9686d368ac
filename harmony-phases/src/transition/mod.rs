//! Transitions: the verbs that take a topology from one phase to another.

mod error;
mod lands;
mod observed;
mod reverted;
mod reverted_by;
mod through;
mod verb;

pub use error::TransitionError;
pub use lands::Lands;
pub use observed::Observed;
pub use reverted::{Reverted, WayBack};
pub use reverted_by::RevertedBy;
pub use through::{Inside, Through, through};
pub use verb::Transition;
