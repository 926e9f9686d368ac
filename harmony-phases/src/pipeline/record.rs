//! What came of one step.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Outcome, OutcomeStatus, StepId};

/// What came of one step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// The step.
    pub step: StepId,
    /// The verdict.
    pub result: StepResult,
    /// One sentence for the operator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What exactly, one fact an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// The verdict on one step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// A transition was made.
    Applied,
    /// The state of the system forbids it; it was not touched, and the run stops.
    Blocked,
    /// The operator asked to stop while it was running, or before it began.
    Cancelled,
    /// It failed; the run stops.
    Failed,
    /// What exists was deliberately not taken away.
    LeftInPlace,
    /// Nothing had to be done.
    Noop,
    /// A transition that reality never made, so that a teardown has nothing to go back through.
    NotReached,
    /// The run stopped before it.
    NotRun,
    /// A transition that reality had made already.
    Reached,
    /// A score was deliberately not attempted.
    Skipped,
    /// A transition that cannot be undone; the teardown ends there.
    Stays,
    /// A score changed the system, which is as described now.
    Success,
    /// What the step built is gone.
    Undone,
}

impl StepRecord {
    pub(crate) fn new(step: StepId, result: StepResult, message: impl Into<String>) -> Self {
        Self { step, result, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn of_outcome(step: StepId, outcome: Outcome, undoing: bool) -> Self {
        let result = match outcome.status {
            OutcomeStatus::LeftInPlace => StepResult::LeftInPlace,
            OutcomeStatus::Noop => StepResult::Noop,
            OutcomeStatus::Skipped => StepResult::Skipped,
            OutcomeStatus::Success if undoing => StepResult::Undone,
            OutcomeStatus::Success => StepResult::Success,
        };
        Self { step, result, message: outcome.message, details: outcome.details }
    }

    /// Whether the step changed the system.
    pub const fn changed(&self) -> bool {
        matches!(self.result, StepResult::Applied | StepResult::Success | StepResult::Undone)
    }
}

impl fmt::Display for StepResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Applied => "applied",
            Self::Blocked => "blocked",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::LeftInPlace => "left in place",
            Self::Noop => "nothing to do",
            Self::NotReached => "was never reached",
            Self::NotRun => "not run",
            Self::Reached => "reached already",
            Self::Skipped => "skipped",
            Self::Stays => "stays",
            Self::Success => "done",
            Self::Undone => "undone",
        })
    }
}

impl fmt::Display for StepRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.result)?;
        if !self.message.is_empty() {
            write!(f, ", {}", self.message)?;
        }
        for detail in &self.details {
            write!(f, "\n      {detail}")?;
        }
        Ok(())
    }
}
