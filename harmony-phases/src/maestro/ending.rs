//! What came of each system of a fleet.

use thiserror::Error;

use crate::{
    Stopped,
    claim::SiteConflict,
    pipeline::{Cause, PipelineError},
};

/// What came of one system.
#[derive(Debug)]
#[must_use]
pub struct HostRun<T> {
    /// The system.
    pub host: String,
    /// How its run ended.
    pub end: HostEnd<T>,
}

/// How the run on one system ended.
#[derive(Debug)]
#[must_use]
pub enum HostEnd<T> {
    /// It came to its end.
    Finished(T),
    /// It was not begun; the system was not looked at.
    NotRun(NotRun),
    /// It stopped before its end.
    Stopped(Box<Stopped>),
}

/// Why the run on a system was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotRun {
    /// The operator asked to stop.
    #[error("cancelled before it was begun")]
    Cancelled,
    /// So many others had failed.
    #[error("not begun, because {0} failed before it")]
    TooManyFailures(usize),
}

/// What is wrong with a fleet whatever its systems look like; nothing ran.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FleetError {
    /// The pipeline of one system is wrong.
    #[error("the pipeline of {host} is invalid")]
    ///
    /// Not called `Pipeline`: the compiler spells a type in full, in every message, once anything
    /// else has its name.
    InvalidPipeline {
        /// The system.
        host: String,
        /// What is wrong.
        #[source]
        error: PipelineError,
    },
    /// Two systems have one name.
    #[error(
        "two systems are called `{0}`, so that nobody could tell their events apart; rename one of them"
    )]
    SameHost(String),
    /// Two systems want what is one across all of them.
    #[error(transparent)]
    Site(#[from] SiteConflict),
}

impl<T> HostRun<T> {
    /// Whether the run failed: it stopped, and not because somebody asked it to.
    pub const fn failed(&self) -> bool {
        self.end.failed()
    }
}

impl<T> HostEnd<T> {
    /// What it came to, where it came to its end.
    pub fn finished(self) -> Option<T> {
        match self {
            Self::Finished(end) => Some(end),
            Self::NotRun(_) | Self::Stopped(_) => None,
        }
    }

    /// Whether it failed: it stopped, and not because somebody asked it to.
    pub const fn failed(&self) -> bool {
        match self {
            Self::Stopped(stopped) => !matches!(stopped.cause, Cause::Cancelled),
            Self::Finished(_) | Self::NotRun(_) => false,
        }
    }
}
