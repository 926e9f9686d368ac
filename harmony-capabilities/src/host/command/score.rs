use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Intent, Interpret, InterpretError, InterpretErrorKind, Score,
    SecretRef, Sensitivity, ValidationReport, ownership::Mark,
};
use harmony_types::HostPath;
use serde::{Deserialize, Serialize};

use super::{Command, CommandExecution, CommandScoreBuilder, ExitStatus, Output, Unprobed};
use crate::{
    host::{
        FileStore, HostError, HostErrorKind,
        upkeep::{Upkeep, Worker, value},
    },
    spec::{Complaint, SpecErrorKind, checked_spec, is_default},
};

checked_spec! {
    /// Runs a command where its probe says that it has to run: its [fields](CommandFields), checked.
    ///
    /// The last resort, for what no other score does. It claims its name. Without a probe nobody could tell whether it
    /// ran already, so there is no such score: not in Rust, where it does not compile, and not in its serialised form.
    /// After the command the probe has to say that it is done. A teardown leaves what it did.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::CommandScore;
    /// let database = CommandScore::builder("the shop's database", ["createdb", "shop"])
    ///     .unless(["psql", "-c", "", "shop"])
    ///     .build()?;
    /// let keys = CommandScore::builder("host keys", ["ssh-keygen", "-A"])
    ///     .creates("/etc/ssh/ssh_host_ed25519_key")
    ///     .build()?;
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    ///
    /// ```compile_fail
    /// use harmony_capabilities::host::CommandScore;
    /// let again_and_again = CommandScore::builder("host keys", ["ssh-keygen", "-A"]).build();
    /// ```
    CommandScore of CommandFields, called "command", schema 1
}

/// The fields of a [`CommandScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandFields {
    /// What it does, in a few words: the name of the step.
    pub name: String,
    /// The program and its arguments, which no shell reads.
    pub command: Vec<String>,
    /// What says that there is nothing to do.
    pub probe: Probe,
    /// Variables of its environment; never a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// What it reads from its standard input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<CommandInput>,
    /// Whether it and its probe run as the user who logged in, rather than as root.
    #[serde(default, skip_serializing_if = "is_default")]
    pub as_login: bool,
    /// How many seconds it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<u64>,
    /// How much attention it deserves; nobody but its author knows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sensitivity: Sensitivity,
}

/// What says that a command has nothing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// Something is at this path, which the command makes.
    Creates(HostPath),
    /// This command, which only looks, ends with code 0.
    Unless(Vec<String>),
}

/// What a command reads from its standard input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandInput {
    /// A secret, which is not shown; nor is what the command says then.
    Secret(SecretRef),
    /// A text.
    Text(String),
}

impl CommandScore {
    /// Describes a command by what it does, and its words; it needs a probe, too.
    pub fn builder(
        name: impl Into<String>,
        words: impl IntoIterator<Item = impl Into<String>>,
    ) -> CommandScoreBuilder<Unprobed> {
        CommandScoreBuilder::new(name.into(), words.into_iter().map(Into::into).collect())
    }

    fn command(&self, words: &[String]) -> Command {
        let (program, arguments) =
            words.split_first().map_or(("", words), |(first, rest)| (first, rest));
        let command = Command::new(program).args(arguments);
        let command = self
            .environment
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value));
        if self.as_login { command } else { command.as_root() }
    }

    async fn fed(&self, ctx: &Context, command: Command) -> Result<Command, HostError> {
        let command = match self.deadline_seconds {
            Some(seconds) => command.deadline(Duration::from_secs(seconds)),
            None => command,
        };
        Ok(match &self.input {
            None => command,
            Some(CommandInput::Secret(reference)) => {
                command.secret_input(ctx.secret(reference).await?.into())
            }
            Some(CommandInput::Text(text)) => command.input(text.clone().into_bytes()),
        })
    }

    /// What a command that did not work says of it.
    fn failure(&self, command: &Command, output: &Output) -> HostError {
        let complaint = match &self.input {
            Some(CommandInput::Secret(_)) => {
                "what it said is not shown, because it was fed a secret".to_owned()
            }
            _ => output.complaint(),
        };
        let what = format!("run `{command}`, which ended with {}: {complaint}", output.status);
        HostError::new(HostErrorKind::Failed, what)
    }
}

impl CommandFields {
    fn label(&self) -> String {
        self.name.escape_debug().to_string()
    }

    fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, rule| Err((field.to_owned(), SpecErrorKind::Rule(rule)));
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return complain("name", "it says in a few words what the command does");
        }
        let is_command = |words: &[String]| {
            let named = words.first().is_some_and(|program| !program.is_empty());
            named && !words.iter().any(|word| word.contains('\0'))
        };
        if !is_command(&self.command) {
            return complain("command", "it begins with a program, and no word holds a NUL");
        }
        match &self.probe {
            Probe::Unless(words) if !is_command(words) => {
                complain("probe.unless", "it begins with a program, and no word holds a NUL")
            }
            _ => Ok(()),
        }
    }
}

impl<T: CommandExecution + FileStore> Score<T> for CommandScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for CommandScore {
    fn name(&self) -> String {
        format!("command {}", self.name)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object("command", self.name.as_str())]
    }

    fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }
}

#[async_trait]
impl<T: CommandExecution + FileStore> Upkeep<T> for CommandScore {
    /// Whether the probe says that there is nothing to do.
    type Found = bool;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<bool, InterpretError> {
        let words = match &self.probe {
            Probe::Creates(path) => return Ok(on.entry(path).await?.is_some()),
            Probe::Unless(words) => words,
        };
        let probe = self.command(words);
        match on.look(&probe).await?.status {
            ExitStatus::Code(code) => Ok(code == 0),
            killed @ ExitStatus::Signal(_) => {
                let what = format!("probe with `{probe}`, which ended with {killed}");
                Err(InterpretError::new(InterpretErrorKind::Failed, what))
            }
        }
    }

    async fn forward(
        &self,
        _ctx: &Context,
        _on: &T,
        done: &bool,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(if *done {
            ValidationReport::already_applied()
        } else {
            ValidationReport::will_execute().note(format!("run `{}`", self.command(&self.command)))
        })
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        _done: &bool,
        _mark: &Mark,
    ) -> Result<(), HostError> {
        let command = self.fed(ctx, self.command(&self.command)).await?;
        let output = on.execute(ctx, &Intent::new("run command", &self.name), &command).await?;
        if output.succeeded() {
            Ok(())
        } else {
            Err(self.failure(&command, &output).at(on.place()))
        }
    }

    async fn back(
        &self,
        _ctx: &Context,
        _on: &T,
        done: &bool,
    ) -> Result<ValidationReport, InterpretError> {
        let report = ValidationReport::already_applied();
        Ok(if *done { report.note("what the command did is left in place") } else { report })
    }

    async fn take_away(
        &self,
        _ctx: &Context,
        _on: &T,
        _done: &bool,
    ) -> Result<Option<String>, HostError> {
        Ok(Some("what the command did is left in place".to_owned()))
    }
}
