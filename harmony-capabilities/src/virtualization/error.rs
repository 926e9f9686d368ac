use harmony_phases::{
    BoxError, InterpretError, InterpretErrorKind,
    context::{EffectError, WaitError},
    secret::SecretError,
};
use std::fmt;

/// A hypervisor did not do what it was asked: what was asked, where, how it failed, and what to do
/// about it.
///
/// # Examples
/// ```
/// use harmony_capabilities::virtualization::{VirtualizationError, VirtualizationErrorKind};
///
/// let error = VirtualizationError::new(VirtualizationErrorKind::Denied, "define the network `lan`")
///     .at("qemu:///system")
///     .remedy("join the group `libvirt`");
/// assert_eq!(
///     error.to_string(),
///     "define the network `lan` on qemu:///system: permission denied; join the group `libvirt`"
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{what}{}: {kind}{}", Worded(" on ", at.as_deref()), Worded("; ", remedy.as_deref()))]
pub struct VirtualizationError {
    kind: VirtualizationErrorKind,
    what: String,
    at: Option<String>,
    remedy: Option<String>,
    source: Option<BoxError>,
}

/// The kinds of failure that callers decide on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum VirtualizationErrorKind {
    /// Whose the object is, or what a change would destroy, forbids the work; nothing was touched.
    #[error("not allowed")]
    Blocked,
    /// Something else holds the object.
    #[error("it is in use")]
    Busy,
    /// The operator asked to stop before it was complete.
    #[error("cancelled")]
    Cancelled,
    /// The bytes of an image are not the ones that were promised.
    #[error("the content is not what it should be")]
    Corrupt,
    /// The user may not do this.
    #[error("permission denied")]
    Denied,
    /// An object of this name is there already.
    #[error("it exists already")]
    Exists,
    /// It was tried and did not work.
    #[error("failed")]
    Failed,
    /// The hypervisor does not accept the description.
    #[error("the description is not accepted")]
    Invalid,
    /// The object, file or image is not there.
    #[error("not found")]
    NotFound,
    /// Not while the object is in this state.
    #[error("not in this state")]
    Refused,
    /// A deadline passed before what was waited for came.
    #[error("it did not come in time")]
    TimedOut,
    /// It was tried, and whether it happened is not known: look again.
    #[error("whether it happened is not known")]
    Unknown,
    /// The hypervisor could not be reached, or no longer.
    #[error("the hypervisor cannot be reached")]
    Unreachable,
    /// This hypervisor cannot do it.
    #[error("this hypervisor cannot do it")]
    Unsupported,
}

impl VirtualizationError {
    /// Says that `what`, a phrase such as "define the network `lan`", came to nothing.
    pub fn new(kind: VirtualizationErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), at: None, remedy: None, source: None }
    }

    /// Adds the hypervisor that was asked.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.at = Some(place.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the kind of failure.
    pub const fn kind(&self) -> VirtualizationErrorKind {
        self.kind
    }

    /// Returns what was asked.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Returns what to do about it, where that is known.
    pub fn advice(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

impl From<EffectError> for VirtualizationError {
    fn from(error: EffectError) -> Self {
        let kind = if error.is_cancelled() {
            VirtualizationErrorKind::Cancelled
        } else {
            VirtualizationErrorKind::Failed
        };
        Self::new(kind, error.intent().to_string()).caused_by(error)
    }
}

impl From<WaitError> for VirtualizationError {
    fn from(error: WaitError) -> Self {
        let kind = if error.is_cancelled() {
            VirtualizationErrorKind::Cancelled
        } else {
            VirtualizationErrorKind::TimedOut
        };
        Self::new(kind, format!("wait until {}", error.condition())).caused_by(error)
    }
}

impl From<SecretError> for VirtualizationError {
    fn from(error: SecretError) -> Self {
        Self::new(VirtualizationErrorKind::Failed, "resolve a secret").caused_by(error)
    }
}

impl From<VirtualizationError> for InterpretError {
    fn from(error: VirtualizationError) -> Self {
        use VirtualizationErrorKind as Kind;
        let kind = match error.kind {
            Kind::Blocked => InterpretErrorKind::Blocked,
            Kind::Cancelled => InterpretErrorKind::Cancelled,
            Kind::Invalid => InterpretErrorKind::Invalid,
            Kind::Unknown => InterpretErrorKind::Unknown,
            _ => InterpretErrorKind::Failed,
        };
        let what = format!("{}{}", error.what, Worded(" on ", error.at.as_deref()));
        let failure = Self::new(kind, what);
        let failure = match error.remedy {
            Some(remedy) => failure.remedy(remedy),
            None => failure,
        };
        match error.source {
            Some(source) => failure.caused_by(source),
            None => failure.caused_by(error.kind),
        }
    }
}

/// Words that are only there together with what they introduce.
struct Worded<'a>(&'static str, Option<&'a str>);

impl fmt::Display for Worded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.map_or(Ok(()), |text| write!(f, "{}{text}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn an_interpret_says_each_thing_once() {
        let error =
            VirtualizationError::new(VirtualizationErrorKind::Denied, "define the network `lan`")
                .at("qemu:///system")
                .remedy("join the group `libvirt`");
        let error = InterpretError::from(error);
        let text = "failed to define the network `lan` on qemu:///system; join the group `libvirt`";
        assert_eq!(error.to_string(), text);
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("permission denied"));
    }
}
