//! One entry of a segment.

use crate::{Describe, Score, Sensitivity, StepId, StepInfo, StepKind};

/// One entry of a segment.
pub(crate) enum Entry<T> {
    /// A score that is there from the start.
    Fixed { kind: StepKind, score: Box<dyn Score<T>> },
    /// A score that is built from what a phase has learned.
    Late { id: StepId, build: Box<Build<T>> },
}

type Build<T> = dyn Fn(&T) -> Box<dyn Score<T>> + Send + Sync;

impl<T: Sync> Entry<T> {
    pub(crate) fn score(score: impl Score<T> + 'static) -> Self {
        Self::Fixed { kind: StepKind::Score, score: Box::new(score) }
    }

    pub(crate) fn census(score: impl Score<T> + 'static) -> Self {
        Self::Fixed { kind: StepKind::Census, score: Box::new(score) }
    }

    pub(crate) fn late<S: Score<T> + 'static>(
        name: impl Into<String>,
        build: impl Fn(&T) -> S + Send + Sync + 'static,
    ) -> Self {
        let build = move |on: &T| Box::new(build(on)) as Box<dyn Score<T>>;
        Self::Late { id: name.into().into(), build: Box::new(build) }
    }

    /// What is known of it before anything runs.
    pub(super) fn info(&self) -> StepInfo {
        match self {
            Self::Fixed { kind, score } => StepInfo::of(*kind, score),
            Self::Late { id, .. } => StepInfo {
                id: id.clone(),
                kind: StepKind::LateBound,
                claims: Vec::new(),
                releases: Vec::new(),
                sensitivity: Sensitivity::Routine,
                group: None,
            },
        }
    }

    pub(super) fn id(&self) -> StepId {
        match self {
            Self::Fixed { score, .. } => score.name().into(),
            Self::Late { id, .. } => id.clone(),
        }
    }
}
