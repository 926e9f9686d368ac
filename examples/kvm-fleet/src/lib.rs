//! Many hosts over SSH: one baseline for all, and some that run virtual machines.
//!
//! [`baseline`] and [`promotion`] are the two pipelines; where each begins and ends is their type, so a
//! host that is to be promoted has two programs: one for every host, and one for the few.
#![forbid(unsafe_code)]

mod heartbeat;
mod program;
mod reach;
mod site;

pub use program::{Baseline, Promotion};
pub use reach::Reach;
pub use site::{baseline, promotion};
