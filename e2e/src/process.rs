//! A run that a test can end at any point.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// One run of a site in a process of its own, which asks before every effect.
///
/// Its program is this package's `apply`, which only tests of this package can name:
/// `env!("CARGO_BIN_EXE_apply")`.
#[derive(Debug)]
pub struct ProcessRun {
    child: Child,
    leave: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl ProcessRun {
    /// Starts `program`, which is to bring about `job`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut program: Command, job: &Value) -> Result<Self> {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut leave = child.stdin.take().context("no input")?;
        let lines = BufReader::new(child.stdout.take().context("no output")?);
        writeln!(leave, "{job}")?;
        Ok(Self { child, leave, lines })
    }

    /// The effect it is about to begin, or what it came to in the end.
    fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.lines.read_line(&mut line)? > 0, "the process ended without a word");
        Ok(line.trim().to_owned())
    }

    fn go_on(&mut self) -> Result<()> {
        Ok(writeln!(self.leave, "go on")?)
    }

    /// Lets it run to its end; the effects it had, and what it came to.
    ///
    /// # Errors
    /// When it ends without a word.
    pub fn finish(mut self) -> Result<(Vec<String>, String)> {
        let mut effects = Vec::new();
        loop {
            let line = self.hear()?;
            if line.starts_with("finished") || line.starts_with("stopped") {
                self.child.wait()?;
                return Ok((effects, line));
            }
            effects.push(line);
            self.go_on()?;
        }
    }

    /// Kills it as it begins effect number `at`; the effects before, and the one under way.
    ///
    /// # Errors
    /// When it ends before.
    pub fn killed_at(mut self, at: usize) -> Result<(Vec<String>, String)> {
        let mut effects = Vec::new();
        for _ in 0..at {
            effects.push(self.hear()?);
            self.go_on()?;
        }
        let last = self.hear()?;
        self.go_on()?;
        self.child.kill()?;
        self.child.wait()?;
        Ok((effects, last))
    }
}
