//! What can go wrong over SSH, and what to do about it.

use std::{error::Error, fmt, sync::Arc};

use harmony_capabilities::host::{HostError, HostErrorKind};
use harmony_phases::{context::EffectError, secret::SecretError};

/// Why something could not be done over SSH: what, where, why, and what to do.
///
/// `Clone`, so that everybody who waits for one connection can be told why there is none.
#[derive(Clone, Debug)]
pub struct SshError {
    kind: SshErrorKind,
    what: String,
    at: Option<String>,
    remedy: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// The kinds of failure that callers decide on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SshErrorKind {
    /// Something else holds it: another operator, a run that is still going on.
    #[error("it is in use")]
    Busy,
    /// The run was cancelled before it was done.
    #[error("cancelled")]
    Cancelled,
    /// The login may not do this, and could not become somebody who may.
    #[error("permission denied")]
    Denied,
    /// It was tried and did not work.
    #[error("failed")]
    Failed,
    /// The host's key is not one that is trusted.
    #[error("the host key is not trusted")]
    HostKey,
    /// What was asked for cannot be said over SSH.
    #[error("the request is not accepted")]
    Invalid,
    /// None of the credentials was accepted.
    #[error("the login was refused")]
    Login,
    /// The host answered with something that could not be understood.
    #[error("the answer could not be understood")]
    Malformed,
    /// A deadline passed.
    #[error("it did not come in time")]
    TimedOut,
    /// The connection ended in the middle of a change: it may have happened or not.
    #[error("whether it happened is not known")]
    Unknown,
    /// The host could not be reached, or no longer.
    #[error("the host cannot be reached")]
    Unreachable,
    /// This server does not offer it.
    #[error("the server does not offer it")]
    Unsupported,
}

impl SshError {
    /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
    pub(crate) fn new(kind: SshErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), at: None, remedy: None, source: None }
    }

    /// Says which host was asked.
    #[must_use]
    pub(crate) fn at(mut self, at: impl fmt::Display) -> Self {
        self.at = Some(at.to_string());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub(crate) fn caused_by(
        mut self,
        source: impl Into<Box<dyn Error + Send + Sync + 'static>>,
    ) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// Adds what the operator can do about it.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Says in other words what was asked.
    #[must_use]
    pub(crate) fn told_as(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// What kind of failure it was.
    pub const fn kind(&self) -> SshErrorKind {
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

impl fmt::Display for SshError {
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

impl Error for SshError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<EffectError> for SshError {
    fn from(error: EffectError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { SshErrorKind::Cancelled } else { SshErrorKind::Failed };
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<SecretError> for SshError {
    fn from(error: SecretError) -> Self {
        Self::new(SshErrorKind::Login, "resolve a secret for the login").caused_by(error)
    }
}

impl From<SshError> for HostError {
    fn from(error: SshError) -> Self {
        use HostErrorKind as To;
        use SshErrorKind as From;
        let kind = match error.kind {
            From::Busy => To::Busy,
            From::Cancelled => To::Cancelled,
            From::Denied | From::Login => To::Denied,
            From::Failed => To::Failed,
            From::HostKey => To::Blocked,
            From::Invalid => To::Invalid,
            From::Malformed => To::Malformed,
            From::TimedOut => To::TimedOut,
            From::Unknown => To::Unknown,
            From::Unreachable => To::Unreachable,
            From::Unsupported => To::Unsupported,
        };
        let mut known = Self::new(kind, error.what);
        if let Some(at) = error.at {
            known = known.at(at);
        }
        if let Some(remedy) = error.remedy {
            known = known.remedy(remedy);
        }
        match error.source {
            Some(source) => known.caused_by(Because(source)),
            None => known,
        }
    }
}

/// A shared cause, as a cause.
#[derive(Debug)]
struct Because(Arc<dyn Error + Send + Sync>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Because {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_place_advice_and_causes_as_a_hosts_error() {
        let cause = std::io::Error::other("no route");
        let error = SshError::new(SshErrorKind::Unreachable, "connect")
            .at("root@h1")
            .remedy("check the cable")
            .caused_by(cause);
        let text = "connect on root@h1: the host cannot be reached; check the cable";
        assert_eq!(error.to_string(), text);
        let host = HostError::from(error);
        assert_eq!((host.kind(), host.to_string().as_str()), (HostErrorKind::Unreachable, text));
        assert_eq!(Error::source(&host).map(ToString::to_string).as_deref(), Some("no route"));
    }
}
