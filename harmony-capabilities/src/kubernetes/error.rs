//! Why an API server did not do what it was asked.

use std::{error::Error, fmt, sync::Arc};

use harmony_phases::{
    InterpretError, InterpretErrorKind,
    context::{EffectError, WaitError},
};

/// Why an API server did not do, or not tell, what it was asked: what, where, why, and what to do.
///
/// `Clone`, so that a provider can answer many questions with one failed read.
///
/// ```
/// use harmony_capabilities::kubernetes::{KubernetesError, KubernetesErrorKind};
/// let error = KubernetesError::new(KubernetesErrorKind::Unreachable, "list nodes")
///     .at("api.okd.example:6443")
///     .remedy("check that the name leads to the load balancer");
/// assert_eq!(
///     error.to_string(),
///     "list nodes on api.okd.example:6443: it could not be reached; check that the name leads to the load balancer"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct KubernetesError {
    kind: KubernetesErrorKind,
    what: String,
    at: Option<String>,
    remedy: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KubernetesErrorKind {
    /// The run was cancelled before it began.
    #[error("the run was cancelled")]
    Cancelled,
    /// Something that is there already stands in the way.
    #[error("something that is there already stands in the way")]
    Conflict,
    /// It was tried and did not work.
    #[error("it did not work")]
    Failed,
    /// What was asked for cannot be, on this server.
    #[error("the API server does not accept it")]
    Invalid,
    /// It was tried, and whether it worked is not known.
    #[error("whether it worked is not known")]
    Unknown,
    /// The server could not be asked.
    #[error("it could not be reached")]
    Unreachable,
}

impl KubernetesError {
    /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
    pub fn new(kind: KubernetesErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), at: None, remedy: None, source: None }
    }

    /// Says where: which API server was asked.
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
    pub const fn kind(&self) -> KubernetesErrorKind {
        self.kind
    }
}

impl fmt::Display for KubernetesError {
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

impl Error for KubernetesError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<EffectError> for KubernetesError {
    fn from(error: EffectError) -> Self {
        let cancelled = error.is_cancelled();
        let kind =
            if cancelled { KubernetesErrorKind::Cancelled } else { KubernetesErrorKind::Failed };
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<WaitError> for KubernetesError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind =
            if cancelled { KubernetesErrorKind::Cancelled } else { KubernetesErrorKind::Unknown };
        Self::new(kind, format!("see {}", error.condition())).caused_by(error)
    }
}

impl From<KubernetesError> for InterpretError {
    fn from(error: KubernetesError) -> Self {
        let kind = match error.kind {
            KubernetesErrorKind::Cancelled => InterpretErrorKind::Cancelled,
            KubernetesErrorKind::Conflict => InterpretErrorKind::Blocked,
            KubernetesErrorKind::Failed | KubernetesErrorKind::Unreachable => {
                InterpretErrorKind::Failed
            }
            KubernetesErrorKind::Invalid => InterpretErrorKind::Invalid,
            KubernetesErrorKind::Unknown => InterpretErrorKind::Unknown,
        };
        Self::new(kind, "bring a cluster to what is wanted").caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_survives_on_the_way_to_a_step() {
        for (kind, expected) in [
            (KubernetesErrorKind::Cancelled, InterpretErrorKind::Cancelled),
            (KubernetesErrorKind::Conflict, InterpretErrorKind::Blocked),
            (KubernetesErrorKind::Unreachable, InterpretErrorKind::Failed),
            (KubernetesErrorKind::Unknown, InterpretErrorKind::Unknown),
        ] {
            let error = InterpretError::from(KubernetesError::new(kind, "reserve").at("gateway"));
            assert_eq!(error.kind(), expected);
            assert!(error.source().is_some(), "the cause is the error of the API");
        }
    }
}
