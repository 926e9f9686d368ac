//! This machine as a host in tests, under each shell that a host may have.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use harmony_capabilities::host::{Command, CommandExecution, HostError, Input, Output, RunAs};
use harmony_phases::{Context, Intent};
use tempfile::TempDir;

use super::Linux;
use super::places::Places;
use crate::this_machine::ThisMachine;

/// The shells that scripts are tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::linux) enum Shell {
    Bash,
    /// With all of its tools, and no others.
    Busybox,
    Dash,
}

impl Shell {
    pub(in crate::linux) const ALL: [Self; 3] = [Self::Bash, Self::Busybox, Self::Dash];

    fn program(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Busybox => "busybox",
            Self::Dash => "dash",
        }
    }
}

/// A host whose files are below a folder of its own.
#[derive(Debug)]
pub(in crate::linux) struct Host {
    pub(in crate::linux) linux: Linux,
    pub(in crate::linux) folder: TempDir,
    _bin: TempDir,
}

/// This machine with `sh` being one shell, and as whoever runs the tests.
#[derive(Debug)]
struct UnderShell {
    machine: ThisMachine,
    shell: Shell,
    path: String,
}

impl Host {
    pub(in crate::linux) async fn under(shell: Shell) -> Self {
        let (folder, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let commands = Arc::new(UnderShell::new(shell, bin.path()));
        let linux = Linux::connect_below(commands, Places::below(folder.path())).await.unwrap();
        Self { linux, folder, _bin: bin }
    }

    /// A path below its folder.
    pub(in crate::linux) fn at(&self, path: &str) -> harmony_types::HostPath {
        self.folder.path().join(path).to_str().unwrap().parse().unwrap()
    }
}

impl UnderShell {
    fn new(shell: Shell, bin: &Path) -> Self {
        let usual = std::env::var("PATH").unwrap_or_default();
        let path = if shell == Shell::Busybox {
            let install = ["--install", "-s", bin.to_str().unwrap()];
            let installed = std::process::Command::new("busybox").args(install).status();
            assert!(installed.expect("busybox-static is installed").success());
            bin.to_str().unwrap().to_owned()
        } else {
            usual
        };
        Self { machine: ThisMachine::new(), shell, path }
    }

    fn translated(&self, command: &Command) -> Command {
        let (program, arguments) = command.words().split_first().unwrap();
        let words: Vec<&str> = match (program.as_str(), self.shell) {
            ("sh", Shell::Busybox) => vec!["busybox", "sh"],
            ("sh", shell) => vec![shell.program()],
            (other, _) => vec![other],
        };
        let mut translated =
            Command::new(words[0]).args(words[1..].iter().copied()).args(arguments);
        translated = match command.fed() {
            Input::Bytes(bytes) => translated.input(Arc::clone(bytes)),
            Input::File(path) => translated.input_file(Arc::clone(path)),
            Input::Nothing => translated,
            Input::Secret(secret) => translated.secret_input(Arc::clone(secret)),
        };
        for (name, value) in command.environment() {
            translated = translated.env(name, value);
        }
        if let Some(limit) = command.time_limit() {
            translated = translated.deadline(limit);
        }
        assert!(matches!(command.run_as(), RunAs::Login | RunAs::Root));
        translated.env("PATH", &self.path).keep(command.kept())
    }
}

#[async_trait]
impl CommandExecution for UnderShell {
    fn place(&self) -> String {
        format!("this machine under {}", self.shell.program())
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        self.machine.look(&self.translated(command)).await
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        self.machine.execute(ctx, intent, &self.translated(command)).await
    }
}
