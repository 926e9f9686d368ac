use std::process::ExitCode;

use harmony_phases::pipeline::Cause;

/// How a program ended, as its caller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// Blocked or contradictory: nothing was touched.
    Blocked,
    /// Cancelled with Ctrl-C; a new run goes on from there.
    Cancelled,
    /// `plan --check` found something to do.
    ChangesPending,
    /// The operator said no.
    Declined,
    /// Failed; a new run goes on from there.
    Failed,
    /// Done, or nothing to do.
    Success,
    /// The command line is wrong, or a confirmation is missing.
    Usage,
}

impl Exit {
    /// Returns the process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Blocked => 3,
            Self::Declined => 4,
            Self::ChangesPending => 5,
            Self::Cancelled => 130,
        }
    }

    pub(crate) const fn of_cause(cause: &Cause) -> Self {
        match cause {
            Cause::Blocked(_) | Cause::Invalid(_) => Self::Blocked,
            Cause::Cancelled => Self::Cancelled,
            Cause::Failed(_) | Cause::Interrupted(_) | Cause::Refused(_) => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
