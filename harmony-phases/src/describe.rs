//! What a step says of itself, whatever it runs on.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::Claim;

/// What a step says of itself without looking at anything.
///
/// Not generic over the topology: on `Score<T>` these methods would be ambiguous for a type that
/// is a score on two kinds of topology (E0283).
pub trait Describe {
    /// The step's name, e.g. `vm web`: unique in its pipeline and stable from run to run.
    fn name(&self) -> String;

    /// The exclusive things the step needs.
    fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// The exclusive things that are free again once the step is done.
    fn releases(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// How much attention the step deserves before it is confirmed.
    fn sensitivity(&self) -> Sensitivity {
        Sensitivity::Routine
    }

    /// The steps that happen inside this one, as inside `through`.
    fn inner_steps(&self) -> Vec<StepInfo> {
        Vec::new()
    }
}

/// The methods of [`Describe`] for what says of itself what its inner step says.
macro_rules! describe_like {
    ($this:ident => $inner:expr) => {
        fn name(&$this) -> String {
            $inner.name()
        }
        fn claims(&$this) -> Vec<$crate::Claim> {
            $inner.claims()
        }
        fn releases(&$this) -> Vec<$crate::Claim> {
            $inner.releases()
        }
        fn sensitivity(&$this) -> $crate::Sensitivity {
            $inner.sensitivity()
        }
        fn inner_steps(&$this) -> Vec<$crate::StepInfo> {
            $inner.inner_steps()
        }
    };
}
pub(crate) use describe_like;

/// How much attention a step deserves before it is confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Nobody notices.
    #[default]
    Routine,
    /// Something that works is out of service for a while.
    Disruptive,
    /// Data is gone for good.
    Destructive,
}

/// The name of a step, unique in its pipeline and stable from run to run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(Arc<str>);

impl StepId {
    /// The step called `name`.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The step `name` inside this one.
    #[must_use]
    pub fn inner(&self, name: &str) -> Self {
        Self(format!("{} / {name}", self.0).into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&str> for StepId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for StepId {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl PartialEq<str> for StepId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

/// What is known of a step before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepInfo {
    /// Its name.
    pub id: StepId,
    /// What it is.
    pub kind: StepKind,
    /// The exclusive things it needs.
    pub claims: Vec<Claim>,
    /// The exclusive things that are free once it is done.
    pub releases: Vec<Claim>,
    /// How much attention it deserves.
    pub sensitivity: Sensitivity,
    /// The number of the side-by-side group it belongs to, counted over the pipeline.
    pub group: Option<usize>,
}

impl StepInfo {
    /// What `step` says of itself.
    pub fn of(kind: StepKind, step: &(impl Describe + ?Sized)) -> Self {
        Self {
            id: step.name().into(),
            kind,
            claims: step.claims(),
            releases: step.releases(),
            sensitivity: step.sensitivity(),
            group: None,
        }
    }
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Looks for what carries the site's mark but belongs to no step.
    Census,
    /// A score that is built from what a phase has learned.
    LateBound,
    /// A score.
    Score,
    /// A transition.
    Transition,
}

impl StepKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Census => "census",
            Self::LateBound => "late-bound score",
            Self::Score => "score",
            Self::Transition => "transition",
        }
    }
}
