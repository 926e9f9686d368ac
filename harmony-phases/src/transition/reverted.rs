//! What going back comes to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What [`revert`](super::Transition::revert) came to.
#[derive(Debug)]
#[must_use = "what went back holds the topology; dropping it drops the system"]
pub enum Reverted<T> {
    /// The phase is left, what it stands on stays: a connection is closed, its host is not removed.
    LeftInPlace(T),
    /// It cannot be undone, so the teardown ends here.
    Stays {
        /// Why not.
        because: String,
    },
    /// What the transition built is gone.
    Undone(T),
}

impl<T> Reverted<T> {
    /// Re-wraps the topology, as higher-order topologies do.
    pub fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Reverted<U> {
        match self {
            Self::LeftInPlace(t) => Reverted::LeftInPlace(wrap(t)),
            Self::Stays { because } => Reverted::Stays { because },
            Self::Undone(t) => Reverted::Undone(wrap(t)),
        }
    }
}

/// What going back will come to: the line of a teardown's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayBack {
    /// The phase is left, what it stands on stays: a connection is closed, a host is not removed.
    LeavesInPlace,
    /// It cannot be undone, so a teardown ends there.
    Stays {
        /// Why not.
        because: String,
    },
    /// What the transition built goes away.
    Undoes,
}

impl fmt::Display for WayBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeavesInPlace => f.write_str("leaves in place what it found"),
            Self::Stays { because } => write!(f, "stays: {because}"),
            Self::Undoes => f.write_str("is undone"),
        }
    }
}
