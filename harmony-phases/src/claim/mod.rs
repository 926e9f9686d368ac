//! Claims: the exclusive things a step needs.

mod conflict;
mod resource;
mod site;

pub use conflict::{ClaimConflict, Claims};
pub use resource::{Claim, ClaimScope, Protocol, Resource};
pub(crate) use site::SiteClaims;
pub use site::{HostStep, SiteConflict};
