use std::collections::BTreeMap;

use harmony_phases::{SecretRef, Sensitivity};
use harmony_types::HostPath;

use super::{CommandFields, CommandInput, CommandScore, Probe};
use crate::spec::{SpecError, Text};

/// A [`CommandScore`] that is being described; it can be built once `P` says when the command has nothing to do.
#[derive(Clone, Debug)]
#[must_use]
pub struct CommandScoreBuilder<P> {
    name: String,
    command: Vec<String>,
    environment: BTreeMap<String, String>,
    input: Option<Text<CommandInput>>,
    as_login: bool,
    deadline_seconds: Option<u64>,
    sensitivity: Sensitivity,
    probe: P,
}

/// No probe has been named yet.
#[derive(Clone, Copy, Debug)]
pub struct Unprobed;

/// A probe has been named.
#[derive(Clone, Debug)]
pub struct ByProbe(Text<Probe>);

/// What says when a command has nothing to do; only a probe does.
#[diagnostic::on_unimplemented(
    message = "a command score without a probe cannot be built",
    label = "nothing says when this command has nothing to do",
    note = "a pipeline runs again and again, and its commands must not: add `.creates(path)` for a command that makes a file, or `.unless([program, argument, ..])` with a command that succeeds when there is nothing to do"
)]
pub trait Probed: sealed::Sealed {
    #[doc(hidden)]
    fn into_probe(self) -> Text<Probe>;
}

mod sealed {
    /// Keeps `Probed` to this module.
    pub trait Sealed {}
    impl Sealed for super::ByProbe {}
}

impl Probed for ByProbe {
    fn into_probe(self) -> Text<Probe> {
        self.0
    }
}

const WHAT: &str = "command";

impl CommandScoreBuilder<Unprobed> {
    pub(super) const fn new(name: String, command: Vec<String>) -> Self {
        Self {
            name,
            command,
            environment: BTreeMap::new(),
            input: None,
            as_login: false,
            deadline_seconds: None,
            sensitivity: Sensitivity::Routine,
            probe: Unprobed,
        }
    }

    /// There is nothing to do once something is at this path, which the command makes.
    pub fn creates(self, path: impl Into<Text<HostPath>>) -> CommandScoreBuilder<ByProbe> {
        self.probed(path.into().map(Probe::Creates))
    }

    /// There is nothing to do when this command, which only looks, ends with code 0.
    pub fn unless(
        self,
        words: impl IntoIterator<Item = impl Into<String>>,
    ) -> CommandScoreBuilder<ByProbe> {
        self.probed(Probe::Unless(words.into_iter().map(Into::into).collect()).into())
    }

    fn probed(self, probe: Text<Probe>) -> CommandScoreBuilder<ByProbe> {
        let Self {
            name, command, environment, input, as_login, deadline_seconds, sensitivity, ..
        } = self;
        let probe = ByProbe(probe);
        CommandScoreBuilder {
            name,
            command,
            environment,
            input,
            as_login,
            deadline_seconds,
            sensitivity,
            probe,
        }
    }
}

impl<P> CommandScoreBuilder<P> {
    /// Sets a variable of its environment; never a secret.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// Feeds it a text.
    pub fn input(mut self, text: impl Into<String>) -> Self {
        self.input = Some(CommandInput::Text(text.into()).into());
        self
    }

    /// Feeds it a secret, which is not shown; nor is what the command says then.
    pub fn secret_input(mut self, secret: impl Into<Text<SecretRef>>) -> Self {
        self.input = Some(secret.into().map(CommandInput::Secret));
        self
    }

    /// Runs it and its probe as the user who logged in, rather than as root.
    pub fn as_login(mut self) -> Self {
        self.as_login = true;
        self
    }

    /// Ends it when it takes longer than this.
    pub fn deadline_seconds(mut self, seconds: u64) -> Self {
        self.deadline_seconds = Some(seconds);
        self
    }

    /// Says how much attention it deserves.
    pub fn sensitivity(mut self, sensitivity: Sensitivity) -> Self {
        self.sensitivity = sensitivity;
        self
    }

    /// Checks the description.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field.
    pub fn build(self) -> Result<CommandScore, SpecError>
    where
        P: Probed,
    {
        let what = format!("{WHAT} `{}`", self.name.escape_debug());
        CommandScore::try_from(CommandFields {
            probe: self.probe.into_probe().of(&what, "probe")?,
            input: self.input.map(|input| input.of(&what, "input")).transpose()?,
            name: self.name,
            command: self.command,
            environment: self.environment,
            as_login: self.as_login,
            deadline_seconds: self.deadline_seconds,
            sensitivity: self.sensitivity,
        })
    }
}
