//! Scores: serialisable descriptions of one desired thing, and the workers that bring it about.

mod conditional;
mod desired;
mod error;
mod interpret;
mod outcome;
mod record;
mod report;

pub use conditional::Conditional;
pub use desired::Score;
pub use error::{InterpretError, InterpretErrorKind};
pub use interpret::Interpret;
pub use outcome::{Outcome, OutcomeStatus};
pub use record::ScoreRecord;
pub(crate) use record::digest;
pub use report::{ChangeEffect, Detail, Status, ValidationReport};
