//! Pipelines: scores and transitions in order, both ends in the type.

mod advance;
mod builder;
mod census;
mod failure;
mod record;
mod run;
mod segment;
mod stage;

pub use builder::Pipeline;
pub use failure::{Cause, PipelineError, Stopped};
pub(crate) use failure::{Halt, chain};
pub use record::{StepRecord, StepResult};
pub use run::{Finished, TornDown};
pub(crate) use segment::{Entry, Segment};
