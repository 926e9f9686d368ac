//! What an interpret would do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an interpret would do, as far as looking can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct ValidationReport {
    /// The verdict.
    pub status: Status,
    /// What exactly, one fact an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// What has to be true when the work begins, and was true when looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<String>,
}

/// The verdict of a validation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Everything is as described: nothing to do.
    AlreadyApplied,
    /// The work must not be done, and why.
    Blocked(String),
    /// The thing does not exist yet.
    WillCreate,
    /// The thing exists and goes away.
    WillDelete,
    /// There is work, and looking cannot tell more.
    WillExecute,
    /// The thing exists and differs.
    WillUpdate,
}

/// One fact of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// A field that differs.
    Change {
        /// The field, as the score spells it, e.g. `memory`.
        field: String,
        /// What the system has.
        found: String,
        /// What the score wants.
        wanted: String,
        /// When the change is felt.
        effect: ChangeEffect,
    },
    /// A sentence.
    Note(String),
}

/// When a change is felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeEffect {
    /// At the next cold start of the thing.
    AfterRestart,
    /// At once.
    Live,
}

impl ValidationReport {
    /// Everything is as described.
    pub const fn already_applied() -> Self {
        Self::new(Status::AlreadyApplied)
    }

    /// The work must not be done, because of `reason`; say what to do about it.
    pub fn blocked(reason: impl Into<String>) -> Self {
        Self::new(Status::Blocked(reason.into()))
    }

    /// The thing does not exist yet.
    pub const fn will_create() -> Self {
        Self::new(Status::WillCreate)
    }

    /// The thing goes away.
    pub const fn will_delete() -> Self {
        Self::new(Status::WillDelete)
    }

    /// There is work, and looking cannot tell more.
    pub const fn will_execute() -> Self {
        Self::new(Status::WillExecute)
    }

    /// The thing differs.
    pub const fn will_update() -> Self {
        Self::new(Status::WillUpdate)
    }

    /// A report with nothing but its verdict.
    pub const fn new(status: Status) -> Self {
        Self { status, details: Vec::new(), preconditions: Vec::new() }
    }

    /// Adds a fact.
    pub fn detail(mut self, detail: Detail) -> Self {
        self.details.push(detail);
        self
    }

    /// Adds a sentence.
    pub fn note(self, note: impl Into<String>) -> Self {
        self.detail(Detail::Note(note.into()))
    }

    /// Adds what has to be true when the work begins.
    pub fn precondition(mut self, precondition: impl Into<String>) -> Self {
        self.preconditions.push(precondition.into());
        self
    }

    /// Whether there is nothing to do.
    pub const fn is_already_applied(&self) -> bool {
        matches!(self.status, Status::AlreadyApplied)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyApplied => f.write_str("nothing to do"),
            Self::Blocked(reason) => write!(f, "blocked: {reason}"),
            Self::WillCreate => f.write_str("will create"),
            Self::WillDelete => f.write_str("will delete"),
            Self::WillExecute => f.write_str("will execute"),
            Self::WillUpdate => f.write_str("will update"),
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change { field, found, wanted, effect } => {
                write!(f, "{field}: {found} -> {wanted}")?;
                match effect {
                    ChangeEffect::AfterRestart => f.write_str(" (after a restart)"),
                    ChangeEffect::Live => Ok(()),
                }
            }
            Self::Note(note) => f.write_str(note),
        }
    }
}
