//! Why a transition did not arrive.

use std::{error::Error, fmt};

use crate::BoxError;

/// Why a transition did not arrive, and whether the old phase still holds.
pub enum TransitionError<T> {
    /// The system may be half-way: neither phase can be claimed, so nothing comes back. Observe
    /// again (a new run does) to find out where it stands.
    Interrupted {
        /// What happened.
        source: BoxError,
    },
    /// Nothing was touched: the topology comes back as it was.
    Refused {
        /// The topology, untouched.
        topology: Box<T>,
        /// Why it was refused, with what to do.
        source: BoxError,
    },
}

impl<T> TransitionError<T> {
    /// Nothing was touched.
    pub fn refused(topology: T, source: impl Into<BoxError>) -> Self {
        Self::Refused { topology: Box::new(topology), source: source.into() }
    }

    /// The system may be half-way.
    pub fn interrupted(source: impl Into<BoxError>) -> Self {
        Self::Interrupted { source: source.into() }
    }

    /// Re-wraps the topology, as higher-order topologies do.
    pub fn map<U>(self, wrap: impl FnOnce(T) -> U) -> TransitionError<U> {
        match self {
            Self::Interrupted { source } => TransitionError::Interrupted { source },
            Self::Refused { topology, source } => TransitionError::refused(wrap(*topology), source),
        }
    }

    /// The topology where there still is one, and the cause.
    pub fn into_parts(self) -> (Option<T>, BoxError) {
        match self {
            Self::Interrupted { source } => (None, source),
            Self::Refused { topology, source } => (Some(*topology), source),
        }
    }

    /// Whether the system may be half-way.
    pub const fn is_interrupted(&self) -> bool {
        matches!(self, Self::Interrupted { .. })
    }

    const fn cause(&self) -> &BoxError {
        match self {
            Self::Interrupted { source } | Self::Refused { source, .. } => source,
        }
    }
}

impl<T> fmt::Debug for TransitionError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.is_interrupted() { "Interrupted" } else { "Refused" };
        f.debug_struct(name).field("source", self.cause()).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for TransitionError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted { .. } => "interrupted; the system must be observed again",
            Self::Refused { .. } => "refused; the system is as it was",
        })
    }
}

impl<T> Error for TransitionError<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&**self.cause())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_gives_the_topology_back() {
        let (kept, _) = TransitionError::refused(7, "no").map(|n| n + 1).into_parts();
        assert_eq!(kept, Some(8));
        let (kept, cause) = TransitionError::<u8>::interrupted("cut").into_parts();
        assert_eq!((kept, cause.to_string()), (None, "cut".to_owned()));
    }

    #[test]
    fn display_leaves_the_cause_to_the_chain() {
        let error = TransitionError::refused((), "no route to host");
        assert!(!error.to_string().contains("no route"));
        assert_eq!(error.source().map(ToString::to_string), Some("no route to host".to_owned()));
    }
}
