use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use harmony_capabilities::host::{Command, HostError, HostErrorKind, Input, Output};
use harmony_phases::{Context, Intent, Secret};

use super::Complaint;
use crate::linux::{Linux, marks};

/// What every script that changes something begins with: how to refuse, and how to put files.
const PRELUDE: &str = include_str!("prelude.sh");

/// A change of a host by one script, which is run as root.
///
/// What varies are its words, which it sees as `"$1"`, `"$2"`, …; a secret is fed to it.
#[derive(Debug)]
#[must_use]
pub(in crate::linux) struct Change {
    intent: Intent,
    command: Command,
}

impl Change {
    /// A change that says what it is about to do, and does it by the script `body` with `words`.
    pub(in crate::linux) fn new(
        intent: Intent,
        body: &str,
        words: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let script = [PRELUDE, marks::FUNCTIONS, body].concat();
        Self { intent, command: Command::script(script).args(words).as_root() }
    }

    /// Feeds the script these bytes.
    pub(in crate::linux) fn input(mut self, bytes: impl Into<Arc<[u8]>>) -> Self {
        self.command = self.command.input(bytes);
        self
    }

    /// Feeds the script what is in a local file.
    pub(in crate::linux) fn input_file(mut self, path: &Path) -> Self {
        self.command = self.command.input_file(path);
        self
    }

    /// Feeds the script a secret.
    pub(in crate::linux) fn secret_input(mut self, secret: Arc<Secret<String>>) -> Self {
        self.command = self.command.secret_input(secret);
        self
    }

    /// Ends the script when it takes longer than this.
    pub(in crate::linux) fn deadline(mut self, deadline: Duration) -> Self {
        self.command = self.command.deadline(deadline);
        self
    }
}

impl Linux {
    /// Makes a change; a script that ends with another code than 0 has failed, and what it says tells how.
    pub(in crate::linux) async fn change(
        &self,
        ctx: &Context,
        change: Change,
    ) -> Result<Output, HostError> {
        let Change { intent, command } = change;
        let output = self.act(ctx, &intent, &command).await?;
        if output.succeeded() {
            return Ok(output);
        }
        let complaint = match command.fed() {
            Input::Secret(_) => Complaint::of_secret(&output),
            _ => Complaint::of(&output),
        };
        Err(complaint.into_error(intent.to_string(), &self.commands().place()))
    }

    /// Runs a script that changes something; where nobody knows how it ended, the error says what it was for and
    /// not how it begins.
    pub(in crate::linux) async fn act(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        let ended = self.commands().execute(ctx, intent, command).await;
        ended.map_err(|error| match error.kind() {
            HostErrorKind::TimedOut | HostErrorKind::Unknown => error.doing(intent.to_string()),
            _ => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linux::testing::{Host, Shell};

    #[tokio::test]
    async fn a_script_whose_end_is_not_known_is_told_by_what_it_was_for() {
        let host = Host::under(Shell::Dash).await;
        let ctx = Context::for_site("shop".parse().unwrap());
        let endless = Change::new(Intent::new("write file", "/etc/motd"), "sleep 1000", [""; 0]);
        let endless = endless.deadline(Duration::from_millis(1));
        let error = host.linux.change(&ctx, endless).await.unwrap_err();
        assert_eq!(error.what(), "write file `/etc/motd`");
    }
}
