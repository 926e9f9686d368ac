//! What can go wrong with libvirt, and what to do about it.

use std::error::Error;

use harmony_capabilities::virtualization::{VirtualizationError, VirtualizationErrorKind};
use harmony_phases::context::{EffectError, WaitError};

use super::raw::{Code, Fault};
use super::xml::XmlError;

/// A failed request to libvirt: what was asked, of whom, how it failed, and what to do.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what} on {uri}: {message}{}", remedy.as_ref().map(|it| format!(" ({it})")).unwrap_or_default())]
pub struct LibvirtError {
    kind: LibvirtErrorKind,
    what: String,
    uri: String,
    message: String,
    remedy: Option<String>,
}

/// The kinds of failure that callers decide on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LibvirtErrorKind {
    /// The agent inside the guest does not answer.
    AgentSilent,
    /// Whose the object is, or what a change would destroy, forbids the work; nothing was touched.
    Blocked,
    /// Something else holds the object.
    Busy,
    /// The work was cancelled before it was complete.
    Cancelled,
    /// The bytes of an image are not the ones that were promised.
    Corrupt,
    /// The user may not do this.
    Denied,
    /// An object of this name or UUID is there already.
    Exists,
    /// libvirt tried and failed.
    Failed,
    /// A name, an address or the XML was not accepted.
    Invalid,
    /// libvirt answered with something that could not be understood.
    Malformed,
    /// The object is not there.
    NotFound,
    /// The object is not in a state that allows this.
    Refused,
    /// libvirt took the connection and does not answer; whether it works, only it could say.
    Silent,
    /// A deadline passed before what was waited for came.
    TimedOut,
    /// libvirt is older than this provider needs.
    TooOld,
    /// The connection ended while something was being changed: it may have happened or not.
    Unknown,
    /// libvirt could not be reached, or no longer.
    Unreachable,
    /// This hypervisor has no such function.
    Unsupported,
}

impl LibvirtError {
    /// An error of `kind` about `what`, a phrase such as "define domain web".
    pub(crate) fn new(
        kind: LibvirtErrorKind,
        what: impl Into<String>,
        uri: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { kind, what: what.into(), uri: uri.into(), message: message.into(), remedy: None }
    }

    pub(crate) fn from_fault(fault: Fault, what: impl Into<String>, uri: &str) -> Self {
        let kind = match fault.code {
            _ if fault.lost => LibvirtErrorKind::Unreachable,
            Code::AgentSilent => LibvirtErrorKind::AgentSilent,
            Code::Busy => LibvirtErrorKind::Busy,
            Code::Denied => LibvirtErrorKind::Denied,
            Code::Exists => LibvirtErrorKind::Exists,
            Code::Invalid => LibvirtErrorKind::Invalid,
            Code::NotFound => LibvirtErrorKind::NotFound,
            Code::Refused => LibvirtErrorKind::Refused,
            Code::Unreachable => LibvirtErrorKind::Unreachable,
            Code::Unsupported => LibvirtErrorKind::Unsupported,
            Code::Failed => LibvirtErrorKind::Failed,
        };
        Self::new(kind, what, uri, fault.message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same failure, known better.
    #[must_use]
    pub(crate) fn with_kind(mut self, kind: LibvirtErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> LibvirtErrorKind {
        self.kind
    }

    /// What was asked of libvirt.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The connection that was asked.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// What libvirt said.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, where we know.
    pub fn advice(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

impl From<EffectError> for LibvirtError {
    fn from(error: EffectError) -> Self {
        let (kind, message) = match error.source() {
            None => {
                let message = "not begun, because the run was cancelled".to_owned();
                (LibvirtErrorKind::Cancelled, message)
            }
            Some(fault) => (LibvirtErrorKind::Failed, fault.to_string()),
        };
        Self::new(kind, error.intent().to_string(), "libvirt", message)
    }
}

impl From<WaitError> for LibvirtError {
    fn from(error: WaitError) -> Self {
        let kind = if error.is_cancelled() {
            LibvirtErrorKind::Cancelled
        } else {
            LibvirtErrorKind::TimedOut
        };
        let what = ["wait until ", error.condition()].concat();
        Self::new(kind, what, "libvirt", error.to_string())
    }
}

impl From<XmlError> for LibvirtError {
    fn from(error: XmlError) -> Self {
        Self::new(LibvirtErrorKind::Malformed, "understand libvirt", "libvirt", error.to_string())
    }
}

impl From<LibvirtError> for VirtualizationError {
    fn from(error: LibvirtError) -> Self {
        use LibvirtErrorKind as From;
        use VirtualizationErrorKind as To;
        let kind = match error.kind {
            From::Blocked => To::Blocked,
            From::Busy => To::Busy,
            From::Cancelled => To::Cancelled,
            From::Corrupt => To::Corrupt,
            From::Denied => To::Denied,
            From::Exists => To::Exists,
            From::Failed | From::Malformed => To::Failed,
            From::Invalid => To::Invalid,
            From::NotFound => To::NotFound,
            From::AgentSilent | From::Refused => To::Refused,
            From::TimedOut => To::TimedOut,
            From::TooOld | From::Unsupported => To::Unsupported,
            From::Unknown => To::Unknown,
            From::Silent | From::Unreachable => To::Unreachable,
        };
        let known = Self::new(kind, error.what).at(error.uri).caused_by(error.message);
        match error.remedy {
            Some(remedy) => known.remedy(remedy),
            None => known,
        }
    }
}
