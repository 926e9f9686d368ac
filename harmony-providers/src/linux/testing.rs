//! This machine as a host in tests, under each shell that a host may have.

use std::fmt::Debug;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use harmony_capabilities::host::{
    Command, CommandExecution, HostError, HostErrorKind, Input, Output, RunAs,
};
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
    commands: Arc<UnderShell>,
    /// What is found before the usual tools.
    bin: TempDir,
}

/// This machine with `sh` being one shell, and as whoever runs the tests.
#[derive(Debug)]
struct UnderShell {
    machine: ThisMachine,
    shell: Shell,
    path: String,
    /// How long a file may become, in blocks of 512 bytes.
    limit: Mutex<Option<u32>>,
    /// Whether the login cannot become root.
    rootless: AtomicBool,
    ran: Mutex<Vec<Command>>,
}

impl Host {
    pub(in crate::linux) async fn under(shell: Shell) -> Self {
        let (folder, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let commands = Arc::new(UnderShell::new(shell, bin.path()));
        let places = Places::below(folder.path());
        let linux = Linux::connect_below(commands.clone(), places).await.unwrap();
        Self { linux, folder, commands, bin }
    }

    /// How many commands have run.
    pub(in crate::linux) fn round_trips(&self) -> usize {
        self.commands.ran.lock().unwrap().len()
    }

    /// All words of all commands that have run, and what a log would show of them.
    pub(in crate::linux) fn said(&self) -> String {
        format!("{:?}", self.commands.ran.lock().unwrap())
    }

    /// The host, from now on of a login that cannot become root.
    pub(in crate::linux) fn rootless(&self) -> &Linux {
        self.commands.rootless.store(true, Ordering::Relaxed);
        &self.linux
    }

    /// The host, from now on unable to write more than so many blocks of 512 bytes into a file.
    pub(in crate::linux) fn limited(&self, blocks: u32) -> &Linux {
        *self.commands.limit.lock().unwrap() = Some(blocks);
        &self.linux
    }

    /// The host, from now on with `script` in the place of `tool`: somebody else who acts at that very
    /// moment. `tool "$@"` in it is the tool.
    pub(in crate::linux) fn meddle(&self, tool: &str, script: &str) {
        let script =
            format!("#!/bin/sh\nPATH=/usr/bin:/bin\ntool() {{ {tool} \"$@\"; }}\n{script}\n");
        let path = self.bin.path().join(tool);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
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
            format!("{}:{usual}", bin.display())
        };
        let (limit, ran) = (Mutex::default(), Mutex::default());
        let rootless = AtomicBool::new(false);
        Self { machine: ThisMachine::new(), shell, path, limit, rootless, ran }
    }

    fn translated(&self, command: &Command) -> Result<Command, HostError> {
        self.ran.lock().unwrap().push(command.clone());
        if command.run_as() == RunAs::Root && self.rootless.load(Ordering::Relaxed) {
            return Err(HostError::new(HostErrorKind::Denied, "become root"));
        }
        let (program, arguments) = command.words().split_first().unwrap();
        let words: Vec<&str> = match (program.as_str(), self.shell) {
            ("sh", Shell::Busybox) => vec!["busybox", "sh"],
            ("sh", shell) => vec![shell.program()],
            (other, _) => vec![other],
        };
        let mut translated = match *self.limit.lock().unwrap() {
            None => Command::new(words[0]).args(words[1..].iter().copied()),
            Some(blocks) => {
                let limit = r#"trap '' XFSZ; ulimit -f "$0"; exec "$@""#;
                Command::new("sh").arg("-c").arg(limit).arg(blocks.to_string()).args(words)
            }
        };
        translated = translated.args(arguments);
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
        Ok(translated.env("PATH", &self.path).keep(command.kept()))
    }
}

#[async_trait]
impl CommandExecution for UnderShell {
    fn place(&self) -> String {
        format!("this machine under {}", self.shell.program())
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        self.machine.look(&self.translated(command)?).await
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        self.machine.execute(ctx, intent, &self.translated(command)?).await
    }
}
