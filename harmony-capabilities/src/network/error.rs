//! Why a network service did not do what it was asked.

use harmony_phases::{InterpretErrorKind, context::WaitError};

use crate::failure::failure;

failure! {
    /// Why a network service did not do, or not tell, what it was asked: what, where, why, and what to do.
    ///
    /// `Clone`, so that a provider can answer many questions with one failed read.
    ///
    /// ```
    /// use harmony_capabilities::network::{NetworkError, NetworkErrorKind};
    /// let error = NetworkError::new(NetworkErrorKind::Unreachable, "list reservations")
    ///     .at("gateway 192.0.2.1")
    ///     .remedy("check that dnsmasq runs there");
    /// assert_eq!(
    ///     error.to_string(),
    ///     "list reservations on gateway 192.0.2.1: it could not be reached; check that dnsmasq runs there"
    /// );
    /// ```
    NetworkError of NetworkErrorKind
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkErrorKind {
    /// The run was cancelled before it began.
    #[error("the run was cancelled")]
    Cancelled,
    /// Something that is there already stands in the way.
    #[error("something that is there already stands in the way")]
    Conflict,
    /// It was tried and did not work.
    #[error("it did not work")]
    Failed,
    /// What was asked for cannot be, on this service.
    #[error("the service does not accept it")]
    Invalid,
    /// It was tried, and whether it worked is not known.
    #[error("whether it worked is not known")]
    Unknown,
    /// The service could not be asked.
    #[error("it could not be reached")]
    Unreachable,
}

impl NetworkErrorKind {
    /// What it is to the step that fails with it.
    const fn of_step(self) -> InterpretErrorKind {
        match self {
            Self::Cancelled => InterpretErrorKind::Cancelled,
            Self::Conflict => InterpretErrorKind::Blocked,
            Self::Failed | Self::Unreachable => InterpretErrorKind::Failed,
            Self::Invalid => InterpretErrorKind::Invalid,
            Self::Unknown => InterpretErrorKind::Unknown,
        }
    }
}

impl From<WaitError> for NetworkError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { NetworkErrorKind::Cancelled } else { NetworkErrorKind::Unknown };
        Self::new(kind, format!("see {}", error.condition())).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use harmony_phases::InterpretError;

    use super::*;

    #[test]
    fn the_kind_survives_on_the_way_to_a_step() {
        for (kind, expected) in [
            (NetworkErrorKind::Cancelled, InterpretErrorKind::Cancelled),
            (NetworkErrorKind::Conflict, InterpretErrorKind::Blocked),
            (NetworkErrorKind::Unreachable, InterpretErrorKind::Failed),
            (NetworkErrorKind::Unknown, InterpretErrorKind::Unknown),
        ] {
            let error = InterpretError::from(NetworkError::new(kind, "reserve").at("gateway"));
            assert_eq!(error.kind(), expected);
            assert!(error.source().is_some(), "the cause is the network error");
        }
    }
}
