//! Why a network service did not do what it was asked.

use std::{error::Error, fmt, sync::Arc};

use harmony_phases::{
    InterpretError, InterpretErrorKind,
    context::{EffectError, WaitError},
};

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
#[derive(Clone, Debug)]
pub struct NetworkError {
    kind: NetworkErrorKind,
    what: String,
    at: Option<String>,
    remedy: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
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

impl NetworkError {
    /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
    pub fn new(kind: NetworkErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), at: None, remedy: None, source: None }
    }

    /// Says where: which service was asked.
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
    pub const fn kind(&self) -> NetworkErrorKind {
        self.kind
    }
}

impl fmt::Display for NetworkError {
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

impl Error for NetworkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<EffectError> for NetworkError {
    fn from(error: EffectError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { NetworkErrorKind::Cancelled } else { NetworkErrorKind::Failed };
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<WaitError> for NetworkError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { NetworkErrorKind::Cancelled } else { NetworkErrorKind::Unknown };
        Self::new(kind, format!("see {}", error.condition())).caused_by(error)
    }
}

impl From<NetworkError> for InterpretError {
    fn from(error: NetworkError) -> Self {
        let kind = match error.kind {
            NetworkErrorKind::Cancelled => InterpretErrorKind::Cancelled,
            NetworkErrorKind::Conflict => InterpretErrorKind::Blocked,
            NetworkErrorKind::Failed | NetworkErrorKind::Unreachable => InterpretErrorKind::Failed,
            NetworkErrorKind::Invalid => InterpretErrorKind::Invalid,
            NetworkErrorKind::Unknown => InterpretErrorKind::Unknown,
        };
        Self::new(kind, "bring a network service to what is wanted").caused_by(error)
    }
}

#[cfg(test)]
mod tests {
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
