//! Plans: what a run would do, as data that prints well.

mod line;
mod print;
mod whole;

pub use line::{Certainty, PlanLine, Verdict};
pub use whole::Plan;
