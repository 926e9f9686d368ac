//! Why a host did not do what it was asked.

use harmony_phases::{InterpretErrorKind, context::WaitError};

use crate::failure::failure;

failure! {
    /// Why a host did not do, or not tell, what it was asked: what, where, why, and what to do.
    ///
    /// `Clone`, so that one failed round trip can answer many questions.
    ///
    /// ```
    /// use harmony_capabilities::host::{HostError, HostErrorKind};
    /// let error = HostError::new(HostErrorKind::Denied, "write /etc/motd")
    ///     .at("h1.example")
    ///     .remedy("log in as root, or allow sudo");
    /// assert_eq!(
    ///     error.to_string(),
    ///     "write /etc/motd on h1.example: permission denied; log in as root, or allow sudo"
    /// );
    /// ```
    HostError of HostErrorKind
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum HostErrorKind {
    /// What is there already, or whose it is, forbids the work; nothing was touched.
    #[error("not allowed")]
    Blocked,
    /// Something else holds it: a lock, another operator.
    #[error("it is in use")]
    Busy,
    /// The run was cancelled before it was complete.
    #[error("cancelled")]
    Cancelled,
    /// The user may not do this.
    #[error("permission denied")]
    Denied,
    /// It was tried and did not work.
    #[error("failed")]
    Failed,
    /// The description is not one that the host can carry out.
    #[error("the description is not accepted")]
    Invalid,
    /// The host answered with something that could not be understood.
    #[error("the answer could not be understood")]
    Malformed,
    /// It is not there.
    #[error("not found")]
    NotFound,
    /// A deadline passed before what was waited for came.
    #[error("it did not come in time")]
    TimedOut,
    /// The connection ended in the middle: it may have happened or not; look again.
    #[error("whether it happened is not known")]
    Unknown,
    /// The host could not be reached, or no longer.
    #[error("the host cannot be reached")]
    Unreachable,
    /// This host cannot do it.
    #[error("this host cannot do it")]
    Unsupported,
}

impl HostErrorKind {
    /// What it is to the step that fails with it.
    const fn of_step(self) -> InterpretErrorKind {
        match self {
            Self::Blocked => InterpretErrorKind::Blocked,
            Self::Cancelled => InterpretErrorKind::Cancelled,
            Self::Invalid => InterpretErrorKind::Invalid,
            Self::Unknown => InterpretErrorKind::Unknown,
            _ => InterpretErrorKind::Failed,
        }
    }
}

impl From<WaitError> for HostError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { HostErrorKind::Cancelled } else { HostErrorKind::TimedOut };
        Self::new(kind, format!("wait until {}", error.condition())).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use harmony_phases::InterpretError;

    use super::*;

    #[test]
    fn a_step_tells_the_whole_chain_once() {
        let broken = std::io::Error::other("broken pipe");
        let error = HostError::new(HostErrorKind::Unknown, "write /etc/motd")
            .at("h1.example")
            .caused_by(HostError::new(HostErrorKind::Unreachable, "send").caused_by(broken))
            .remedy("run again");
        let failure = InterpretError::from(error);
        assert_eq!(failure.kind(), InterpretErrorKind::Unknown);
        let mut chain = vec![failure.to_string()];
        let mut next = failure.source();
        while let Some(cause) = next {
            chain.push(cause.to_string());
            next = cause.source();
        }
        assert_eq!(
            chain,
            [
                "cannot tell whether it did write /etc/motd on h1.example; run again",
                "whether it happened is not known",
                "send: the host cannot be reached",
                "broken pipe",
            ]
        );
    }
}
