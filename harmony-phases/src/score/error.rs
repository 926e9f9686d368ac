//! Why an interpret failed.

use thiserror::Error;

use crate::{BoxError, context::EffectError, context::WaitError, secret::SecretError};

/// Why an interpret failed: what, why (the source), and what to do.
///
/// ```
/// use harmony_phases::{InterpretError, InterpretErrorKind};
/// let error = InterpretError::new(InterpretErrorKind::Failed, "define domain `web`")
///     .remedy("start libvirtd: systemctl start libvirtd");
/// assert_eq!(error.to_string(), "failed to define domain `web`; start libvirtd: systemctl start libvirtd");
/// ```
#[derive(Debug, Error)]
#[error("{}{}", self.kind.sentence(&self.what), self.remedy.as_deref().map(|r| format!("; {r}")).unwrap_or_default())]
pub struct InterpretError {
    kind: InterpretErrorKind,
    what: String,
    remedy: Option<String>,
    #[source]
    source: Option<BoxError>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterpretErrorKind {
    /// The state of the system forbids the work; nothing was touched.
    Blocked,
    /// The operator asked to stop.
    Cancelled,
    /// It was tried and did not work.
    Failed,
    /// The description itself is wrong.
    Invalid,
    /// It was tried, and whether it worked is not known: look again.
    Unknown,
}

impl InterpretErrorKind {
    const fn unless_cancelled(cancelled: bool) -> Self {
        if cancelled { Self::Cancelled } else { Self::Failed }
    }

    fn sentence(self, what: &str) -> String {
        match self {
            Self::Blocked => format!("blocked: {what}"),
            Self::Cancelled => format!("cancelled before it could {what}"),
            Self::Failed => format!("failed to {what}"),
            Self::Invalid => format!("invalid: {what}"),
            Self::Unknown => format!("cannot tell whether it did {what}"),
        }
    }
}

impl InterpretError {
    /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
    pub fn new(kind: InterpretErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), remedy: None, source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds what the operator can do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What kind of failure it was.
    pub const fn kind(&self) -> InterpretErrorKind {
        self.kind
    }
}

impl From<EffectError> for InterpretError {
    fn from(error: EffectError) -> Self {
        let kind = InterpretErrorKind::unless_cancelled(error.is_cancelled());
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<WaitError> for InterpretError {
    fn from(error: WaitError) -> Self {
        let kind = InterpretErrorKind::unless_cancelled(error.is_cancelled());
        Self::new(kind, format!("see {}", error.condition())).caused_by(error)
    }
}

impl From<SecretError> for InterpretError {
    fn from(error: SecretError) -> Self {
        Self::new(InterpretErrorKind::Failed, "resolve a secret").caused_by(error)
    }
}
