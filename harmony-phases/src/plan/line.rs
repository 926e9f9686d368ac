//! One line of a plan.

use serde::{Deserialize, Serialize};

use crate::{
    Sensitivity, Status, StepId, StepInfo, StepKind, ValidationReport, score::Detail,
    transition::WayBack,
};

/// One line of a plan: what a run would do at one step, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// The step.
    pub step: StepId,
    /// What it is.
    pub kind: StepKind,
    /// What a run would do there.
    pub verdict: Verdict,
    /// How sure that is.
    pub certainty: Certainty,
    /// How much attention it deserves.
    pub sensitivity: Sensitivity,
    /// What exactly, one fact an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// What has to be true when the step begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<String>,
    /// SHA-256 of the score's description, in hex; a transition has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// What a run would do at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The look failed, so nothing can be said; the text is the whole chain of causes.
    CannotTell(String),
    /// A transition that reality has made already.
    Reached,
    /// What the score's own look came to.
    Score(Status),
    /// Nothing could be looked at yet.
    Unknown,
    /// A transition that is still to be made.
    WillApply {
        /// What is missing.
        because: String,
    },
    /// A transition that a teardown goes back through.
    WillGoBack(WayBack),
}

/// How sure a line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nothing could be looked at until that transition has been made.
    Deferred {
        /// The transition.
        until: StepId,
    },
    /// Looked at, but a step before it will have changed the system by then.
    Inferred,
    /// Looked at, and nothing before it changes anything.
    Proven,
}

impl PlanLine {
    pub(crate) fn new(info: StepInfo, verdict: Verdict, certainty: Certainty) -> Self {
        Self {
            step: info.id,
            kind: info.kind,
            verdict,
            certainty,
            sensitivity: info.sensitivity,
            details: Vec::new(),
            preconditions: Vec::new(),
            digest: None,
        }
    }

    pub(crate) fn reported(info: StepInfo, report: ValidationReport, certainty: Certainty) -> Self {
        let mut line = Self::new(info, Verdict::Score(report.status), certainty);
        line.details = report.details;
        line.preconditions = report.preconditions;
        line
    }

    /// Whether a run would change something here, or nobody can say that it would not.
    pub const fn may_change(&self) -> bool {
        !matches!(
            self.verdict,
            Verdict::Reached
                | Verdict::Score(Status::AlreadyApplied)
                | Verdict::WillGoBack(WayBack::LeavesInPlace | WayBack::Stays { .. })
        )
    }

    /// Why the step must not be done, if it must not.
    pub fn blocked(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Score(Status::Blocked(reason)) => Some(reason),
            _ => None,
        }
    }
}
