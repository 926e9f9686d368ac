//! Why a host did not do what it was asked.

use std::{error::Error, fmt, sync::Arc};

use harmony_phases::{
    InterpretError, InterpretErrorKind,
    context::{EffectError, WaitError},
    secret::SecretError,
};

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
#[derive(Clone, Debug)]
pub struct HostError {
    kind: HostErrorKind,
    what: String,
    at: Option<String>,
    remedy: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
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

impl HostError {
    /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
    pub fn new(kind: HostErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), at: None, remedy: None, source: None }
    }

    /// Says where: which host was asked.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>) -> Self {
        self.at = Some(at.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Adds what the operator can do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What kind of failure it was.
    pub const fn kind(&self) -> HostErrorKind {
        self.kind
    }

    /// What was asked.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(at) = &self.at {
            write!(f, " on {at}")?;
        }
        write!(f, ": {}", self.kind)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<EffectError> for HostError {
    fn from(error: EffectError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { HostErrorKind::Cancelled } else { HostErrorKind::Failed };
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<WaitError> for HostError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { HostErrorKind::Cancelled } else { HostErrorKind::TimedOut };
        Self::new(kind, format!("wait until {}", error.condition())).caused_by(error)
    }
}

impl From<SecretError> for HostError {
    fn from(error: SecretError) -> Self {
        Self::new(HostErrorKind::Failed, "resolve a secret").caused_by(error)
    }
}

impl From<HostError> for InterpretError {
    fn from(error: HostError) -> Self {
        use HostErrorKind as Kind;
        let kind = match error.kind {
            Kind::Blocked => InterpretErrorKind::Blocked,
            Kind::Cancelled => InterpretErrorKind::Cancelled,
            Kind::Invalid => InterpretErrorKind::Invalid,
            Kind::Unknown => InterpretErrorKind::Unknown,
            _ => InterpretErrorKind::Failed,
        };
        let at = error.at.as_deref().map(|at| format!(" on {at}")).unwrap_or_default();
        let failure = Self::new(kind, format!("{}{at}", error.what));
        let failure = failure.caused_by(Cause { kind: error.kind, source: error.source });
        match error.remedy {
            Some(remedy) => failure.remedy(remedy),
            None => failure,
        }
    }
}

/// What is left of a host's error below the sentence that a step makes of it: its kind, and its own cause.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
struct Cause {
    kind: HostErrorKind,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

#[cfg(test)]
mod tests {
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
