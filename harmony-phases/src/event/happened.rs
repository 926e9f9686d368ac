//! What can happen in a run.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    StepId, StepKind, Unit,
    context::{EffectOutcome, EffectRecord},
    form,
    form::FormError,
    pipeline::StepRecord,
};

/// The version of the stream's form; a reader refuses a higher one.
const VERSION: u16 = 2;

/// One thing that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The version of the stream's form.
    pub v: u16,
    /// Its number in the run, from 0, without gaps.
    pub index: u64,
    /// When, by the clock of the machine that runs.
    pub at: Timestamp,
    /// The run.
    pub run: Uuid,
    /// The run over several systems that this one is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Uuid>,
    /// The system the run is on; of a run over several, the site.
    pub host: String,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

impl Event {
    /// Reads one line of a recorded stream.
    ///
    /// # Errors
    /// It is not of the expected form, or of a later version.
    pub fn from_json(line: &str) -> Result<Self, FormError> {
        form::read(line, VERSION)
    }

    pub(crate) fn now(
        index: u64,
        run: Uuid,
        within: Option<Uuid>,
        host: &str,
        kind: EventKind,
    ) -> Self {
        Self { v: VERSION, index, at: Timestamp::now(), run, within, host: host.to_owned(), kind }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// A side effect is about to happen.
    EffectBegun {
        /// Which.
        effect: EffectRecord,
    },
    /// A side effect has happened.
    EffectEnded {
        /// Its number in the run.
        effect: u64,
        /// What came of it.
        outcome: EffectOutcome,
    },
    /// All systems of a run over several have been dealt with.
    FleetFinished {
        /// How many came to their end.
        finished: usize,
        /// How many stopped before it.
        stopped: usize,
        /// How many were never begun.
        not_run: usize,
    },
    /// A run over several systems begins; each has a run of its own.
    FleetStarted {
        /// What it is for.
        verb: Verb,
        /// The systems, in order.
        hosts: Vec<String>,
    },
    /// A system of a run over several is not begun.
    HostNotRun {
        /// Which.
        system: String,
        /// Why not.
        because: String,
    },
    /// A step has something to say.
    Note {
        /// The step.
        step: StepId,
        /// What.
        text: String,
    },
    /// A step has come this far.
    Progress {
        /// The step.
        step: StepId,
        /// How much is done.
        done: u64,
        /// Of how much, where that is known.
        total: Option<u64>,
        /// Counted in what.
        unit: Unit,
    },
    /// The run is over.
    RunFinished {
        /// How it ended.
        result: RunResult,
    },
    /// The run begins; always the first event.
    RunStarted {
        /// What it is for.
        verb: Verb,
        /// Every step, in order.
        steps: Vec<StepHeading>,
    },
    /// A step is over.
    StepFinished {
        /// Which, and what came of it.
        record: StepRecord,
    },
    /// A step begins.
    StepStarted {
        /// Which.
        step: StepId,
    },
    /// A step waits.
    Waiting {
        /// The step.
        step: StepId,
        /// For what.
        condition: String,
        /// For how long already.
        waited: Duration,
        /// What was seen last.
        evidence: Option<String>,
        /// How long ago that was first seen.
        evidence_age: Option<Duration>,
    },
}

/// A step, as the list at the start of a run names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepHeading {
    /// Its name.
    pub id: StepId,
    /// What it is.
    pub kind: StepKind,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// To bring the system about.
    Execute,
    /// To look what execution would do.
    Plan,
    /// To look what a teardown would do.
    PlanTeardown,
    /// To take the system down.
    Teardown,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunResult {
    /// All steps are done.
    Finished,
    /// It stopped at a step; the text says why.
    Stopped {
        /// The step.
        at: StepId,
        /// Why, the whole chain of causes.
        because: String,
    },
}
