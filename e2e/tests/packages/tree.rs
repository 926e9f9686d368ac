//! A host of its own for a package tool: this machine's tree under an overlay.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use async_trait::async_trait;
use e2e::Scratch;
use harmony_capabilities::host::{Command, CommandExecution, HostError, Input, Output};
use harmony_phases::{Context, Intent};
use harmony_providers::linux::Linux;
use harmony_providers::this_machine::ThisMachine;

/// A tree in namespaces of its own; dropped, it and all that runs in it are gone.
pub(crate) struct Tree {
    holder: Child,
    inside: Inside,
    _base: Scratch,
}

/// Runs commands in a tree.
#[derive(Clone, Debug)]
struct Inside {
    machine: ThisMachine,
    process: u32,
}

impl Tree {
    /// A tree whose os-release file says that it is `distribution`, after `setup` ran in it.
    pub(crate) fn start(distribution: &str, setup: &str) -> Result<Self> {
        let base = Scratch::new()?;
        let mut holder = Process::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c"])
            .arg(include_str!("tree.sh"))
            .arg("sh")
            .arg(base.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting unshare: `cargo xtask test` installs what is missing")?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take().context("it is piped")?).read_line(&mut line)?;
        ensure!(line == "ready\n", "the tree could not be mounted");
        let id = holder.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"))?;
        let process = children.trim().parse().context("unshare has one child")?;
        let inside = Inside { machine: ThisMachine::new(), process };
        let tree = Self { holder, inside, _base: base };
        let release = format!(
            "printf 'ID={distribution}\\n' >/run/os-release\n\
            rm /etc/os-release\nln -s /run/os-release /etc/os-release\n"
        );
        tree.sh(&(release + setup))?;
        Ok(tree)
    }

    /// Runs a script in it, behind Harmony's back.
    pub(crate) fn sh(&self, script: &str) -> Result<String> {
        let output = self.process(script).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = script.lines().rev().take(3).collect();
        ensure!(output.status.success(), "… {lines:?}\n{}: {said}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts a script in it.
    pub(crate) fn spawn(&self, script: &str) -> Result<Child> {
        let silent = || Stdio::null();
        Ok(self.process(script).stdin(silent()).stdout(silent()).stderr(silent()).spawn()?)
    }

    fn process(&self, script: &str) -> Process {
        let words = self.inside.words();
        let mut process = Process::new(&words[0]);
        process.args(&words[1..]).args(["sh", "-ec", script]);
        process
    }

    /// It as a host.
    pub(crate) async fn linux(&self) -> Result<Linux> {
        Ok(Linux::connect(Arc::new(self.inside.clone())).await?)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        drop(self.holder.kill());
        drop(self.holder.wait());
    }
}

impl Inside {
    /// What stands before a command, so that it runs in the tree or not at all: never on this machine.
    fn words(&self) -> Vec<String> {
        let target = format!("--target={}", self.process);
        let enter = ["nsenter", &target, "--mount", "--pid", "--root", "--wd", "env", "-i"];
        let variables = ["HOME=/root", "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"];
        let guard = ["sh", "-c", "test -e /run/harmony-e2e-tree && exec \"$@\"", "sh"];
        enter.into_iter().chain(variables).chain(guard).map(str::to_owned).collect()
    }

    fn entering(&self, command: &Command) -> Command {
        let words = self.words();
        let variables = command.environment().iter().map(|(name, value)| format!("{name}={value}"));
        let entering = Command::new(&words[0]).args(&words[1..]).arg("env").args(variables);
        let entering = entering.args(command.words()).keep(command.kept());
        match command.fed() {
            Input::Bytes(bytes) => entering.input(Arc::clone(bytes)),
            _ => entering,
        }
    }
}

#[async_trait]
impl CommandExecution for Inside {
    fn place(&self) -> String {
        "the tree".into()
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        self.machine.look(&self.entering(command)).await
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        self.machine.execute(ctx, intent, &self.entering(command)).await
    }
}
