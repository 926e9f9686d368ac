//! Why a run stopped, and what it had done by then.

use std::{error::Error, fmt};

use thiserror::Error;

use super::{StepRecord, StepResult};
use crate::{
    BoxError, InterpretError, InterpretErrorKind, StepId, TransitionError,
    claim::{ClaimConflict, SiteConflict},
    context::{EffectError, EffectOutcome, EffectRecord, WaitError},
};

/// Why a run stopped before its end, and what it had done by then.
#[derive(Debug)]
#[must_use]
pub struct Stopped {
    /// The step it stopped at.
    pub at: StepId,
    /// What came of the steps before, in order.
    pub completed: Vec<StepRecord>,
    /// What the step itself had done already.
    pub effects: Vec<(EffectRecord, EffectOutcome)>,
    /// Why.
    pub cause: Cause,
}

/// Why a run stopped.
///
/// Exhaustive on purpose: whoever runs a pipeline has to say what happens on a cancelled run.
#[derive(Debug)]
pub enum Cause {
    /// The state of the system forbids the step; it was not touched.
    Blocked(String),
    /// The operator asked to stop.
    Cancelled,
    /// A score failed.
    Failed(InterpretError),
    /// A transition may be half-way; a new run observes where the system stands.
    Interrupted(BoxError),
    /// The pipeline itself is wrong; nothing ran.
    Invalid(PipelineError),
    /// A transition was not begun; the system is as it was.
    Refused(BoxError),
}

/// What is wrong with a pipeline whatever the system looks like.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PipelineError {
    /// Two steps want one exclusive thing.
    #[error(transparent)]
    Claim(#[from] ClaimConflict),
    /// Two steps have one name, so that a plan could not tell them apart.
    #[error(
        "two steps are called `{0}`; a step's name must be unique in its pipeline, so rename one of them"
    )]
    SameStep(StepId),
    /// Another host of the run wants what is one across all of them.
    #[error(transparent)]
    Site(#[from] SiteConflict),
}

impl Stopped {
    pub(crate) fn invalid(error: PipelineError) -> Self {
        Halt::invalid(error).into_stopped(Vec::new())
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped at `{}`: {}", self.at, self.cause)
    }
}

impl Error for Stopped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Blocked(_) | Cause::Cancelled => None,
            Cause::Failed(error) => Some(error),
            Cause::Interrupted(error) | Cause::Refused(error) => Some(&**error),
            Cause::Invalid(error) => Some(error),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(reason) => write!(f, "blocked: {reason}"),
            Self::Cancelled => f.write_str("cancelled; run again to go on from here"),
            Self::Failed(_) => f.write_str("the score failed"),
            Self::Interrupted(_) => {
                f.write_str("interrupted; run again to look where the system stands and go on")
            }
            Self::Invalid(_) => f.write_str("the pipeline is invalid; nothing ran"),
            Self::Refused(_) => f.write_str("refused; nothing was touched"),
        }
    }
}

/// A stop on its way up, before the run's records are put to it.
#[derive(Debug)]
pub(crate) struct Halt {
    pub(crate) at: StepId,
    pub(crate) effects: Vec<(EffectRecord, EffectOutcome)>,
    pub(crate) cause: Cause,
}

impl Halt {
    pub(crate) const fn new(at: StepId, cause: Cause) -> Self {
        Self { at, effects: Vec::new(), cause }
    }

    /// The pipeline itself is wrong; nothing ran.
    pub(crate) fn invalid(error: PipelineError) -> Self {
        let at = match &error {
            PipelineError::Claim(conflict) => conflict.second.clone(),
            PipelineError::SameStep(step) => step.clone(),
            PipelineError::Site(conflict) => conflict.second.step.clone(),
        };
        Self::new(at, Cause::Invalid(error))
    }

    pub(crate) fn with_effects(mut self, effects: Vec<(EffectRecord, EffectOutcome)>) -> Self {
        self.effects.extend(effects);
        self
    }

    pub(crate) fn of_interpret(at: StepId, error: InterpretError) -> Self {
        let cause = match error.kind() {
            _ if is_cancellation(&error) => Cause::Cancelled,
            InterpretErrorKind::Blocked => Cause::Blocked(chain(&error)),
            _ => Cause::Failed(error),
        };
        Self::new(at, cause)
    }

    pub(crate) fn of_transition<T>(at: StepId, error: TransitionError<T>) -> Self {
        let interrupted = error.is_interrupted();
        let (_, source) = error.into_parts();
        let source = match source.downcast::<Self>() {
            Ok(inner) => return *inner, // a step inside the transition stopped it
            Err(source) => source,
        };
        let cause = match interrupted {
            _ if is_cancellation(&*source) => Cause::Cancelled,
            true => Cause::Interrupted(source),
            false => Cause::Refused(source),
        };
        Self::new(at, cause)
    }

    /// The whole chain of causes in one line.
    pub(crate) fn because(&self) -> String {
        match &self.cause {
            Cause::Failed(error) => chain(error),
            Cause::Interrupted(error) | Cause::Refused(error) => {
                format!("{}: {}", self.cause, chain(&**error))
            }
            Cause::Invalid(error) => format!("{}: {}", self.cause, chain(error)),
            Cause::Blocked(_) | Cause::Cancelled => self.cause.to_string(),
        }
    }

    /// What came of the step it stopped at.
    pub(crate) const fn result(&self) -> StepResult {
        match self.cause {
            Cause::Blocked(_) => StepResult::Blocked,
            Cause::Cancelled => StepResult::Cancelled,
            Cause::Invalid(_) => StepResult::NotRun,
            Cause::Failed(_) | Cause::Interrupted(_) | Cause::Refused(_) => StepResult::Failed,
        }
    }

    pub(crate) fn into_stopped(self, completed: Vec<StepRecord>) -> Stopped {
        Stopped { at: self.at, completed, effects: self.effects, cause: self.cause }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped at `{}`: {}", self.at, self.cause)
    }
}

impl Error for Halt {}

fn is_cancellation(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let effect = error.downcast_ref::<EffectError>().is_some_and(EffectError::is_cancelled);
        let wait = error.downcast_ref::<WaitError>().is_some_and(WaitError::is_cancelled);
        let interpret = error
            .downcast_ref::<InterpretError>()
            .is_some_and(|e| e.kind() == InterpretErrorKind::Cancelled);
        if effect || wait || interpret {
            return true;
        }
        next = error.source();
    }
    false
}

/// The whole chain of causes in one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}
