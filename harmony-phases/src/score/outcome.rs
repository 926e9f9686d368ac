//! What an interpret did.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an interpret did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct Outcome {
    /// The verdict.
    pub status: OutcomeStatus,
    /// One sentence for the operator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What exactly, one fact an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// The verdict of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeStatus {
    /// What exists was deliberately not taken away.
    LeftInPlace,
    /// Nothing had to be done.
    Noop,
    /// It was not attempted, deliberately.
    Skipped,
    /// The system was changed, and is as described now.
    Success,
}

impl Outcome {
    /// The system was changed, and is as described now.
    pub fn success(message: impl Into<String>) -> Self {
        Self::new(OutcomeStatus::Success, message)
    }

    /// Nothing had to be done.
    pub fn noop(message: impl Into<String>) -> Self {
        Self::new(OutcomeStatus::Noop, message)
    }

    /// What exists was deliberately not taken away.
    pub fn left_in_place(message: impl Into<String>) -> Self {
        Self::new(OutcomeStatus::LeftInPlace, message)
    }

    /// It was not attempted, deliberately.
    pub fn skipped(message: impl Into<String>) -> Self {
        Self::new(OutcomeStatus::Skipped, message)
    }

    /// Adds a fact.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Whether the system was changed.
    pub fn changed(&self) -> bool {
        self.status == OutcomeStatus::Success
    }

    fn new(status: OutcomeStatus, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: Vec::new() }
    }
}

impl fmt::Display for OutcomeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LeftInPlace => "left in place",
            Self::Noop => "nothing to do",
            Self::Skipped => "skipped",
            Self::Success => "done",
        })
    }
}
