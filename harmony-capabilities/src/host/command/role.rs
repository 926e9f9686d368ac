use harmony_phases::{Context, Intent, capability};

use super::{Command, Output};
use crate::host::HostError;

/// Runs commands on a host.
///
/// A command that ended with a code other than 0 is no error here: its caller knows what the code means.
/// A pair of hosts runs what changes something on both, and looks at its primary.
#[capability(failover = both)]
pub trait CommandExecution {
    /// What a failure names as its place: `root@h1.example`, `this machine`.
    fn place(&self) -> String;

    /// Runs a command that only looks: the caller promises that it changes nothing.
    ///
    /// # Errors
    /// When it could not be run, or its end was not seen.
    async fn look(&self, command: &Command) -> Result<Output, HostError>;

    /// Runs a command that may change something, as one effect.
    ///
    /// # Errors
    /// When it could not be run; with kind `Unknown` when the connection was lost in the middle.
    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError>;
}
