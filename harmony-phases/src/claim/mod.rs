//! Claims: the exclusive things a step needs.

mod conflict;
mod resource;

pub use conflict::{ClaimConflict, Claims};
pub use resource::{Claim, ClaimScope, Protocol, Resource};
