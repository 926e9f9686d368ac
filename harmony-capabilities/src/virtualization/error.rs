use harmony_phases::{InterpretErrorKind, context::WaitError};

use crate::failure::failure;

failure! {
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
    VirtualizationError of VirtualizationErrorKind
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

impl VirtualizationErrorKind {
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

impl From<WaitError> for VirtualizationError {
    fn from(error: WaitError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled {
            VirtualizationErrorKind::Cancelled
        } else {
            VirtualizationErrorKind::TimedOut
        };
        Self::new(kind, format!("wait until {}", error.condition())).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use harmony_phases::InterpretError;

    use super::*;

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
