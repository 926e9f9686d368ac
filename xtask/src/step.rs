//! One command of a chore: shown, run, and its result lines counted.

use std::io::{BufRead as _, BufReader, Write as _, stdout};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{mem, thread};

use anyhow::{Context as _, Result, bail};

/// A command with a title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) title: String,
    pub(crate) program: String,
    pub(crate) args: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
}

/// How a step ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) title: String,
    pub(crate) succeeded: bool,
    pub(crate) took: Duration,
    pub(crate) counted: Counted,
    /// The lines a test printed for a table, beginning with [`TABLE_LINE`].
    pub(crate) table: Vec<String>,
}

/// Begins a line that a test prints for the table of `cargo xtask torture`.
pub(crate) const TABLE_LINE: &str = "torture: ";

/// How long a child that has ended may still be heard.
const GRACE: Duration = Duration::from_millis(500);

/// The sum of the `test result:` lines of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Step {
    pub(crate) fn new(title: &str, program: &str, args: &[&str]) -> Self {
        Self {
            title: title.to_owned(),
            program: program.to_owned(),
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            environment: Vec::new(),
        }
    }

    pub(crate) fn cargo(title: &str, args: &[&str]) -> Self {
        Self::new(title, "cargo", args)
    }

    pub(crate) fn with(mut self, args: impl IntoIterator<Item = String>) -> Self {
        self.args.extend(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The command as one would type it.
    pub(crate) fn command_line(&self) -> String {
        let environment = self.environment.iter().map(|(name, value)| format!("{name}={value}"));
        let words = environment.chain([self.program.clone()]).chain(self.args.iter().cloned());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Runs it, or fails with its title.
    pub(crate) fn run(&self) -> Result<()> {
        if self.finish()?.succeeded { Ok(()) } else { bail!("{} failed", self.title) }
    }

    /// Runs it to its end, passing on what it prints while counting it.
    pub(crate) fn finish(&self) -> Result<Ended> {
        println!("\n== {} ==\n   {}", self.title, self.command_line());
        let begun = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", self.program))?;
        let mut counted = Counted::default();
        let mut table = Vec::new();
        let lines = child.stdout.take().map(lines_of).context("a child without an output")?;
        loop {
            match lines.recv_timeout(GRACE) {
                Ok(line) => {
                    stdout().write_all(&line)?;
                    let line = String::from_utf8_lossy(&line);
                    counted.add(&line);
                    table.extend(table_row(&line));
                }
                // A daemon that a test started may hold the pipe open for ever.
                Err(RecvTimeoutError::Timeout) if child.try_wait()?.is_some() => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let succeeded = child.wait()?.success();
        Ok(Ended { title: self.title.clone(), succeeded, took: begun.elapsed(), counted, table })
    }
}

/// What a line adds to the table, if it is one of its lines.
fn table_row(line: &str) -> Option<String> {
    // libtest leaves the name of the test before it on the line.
    line.trim().split_once(TABLE_LINE).map(|(_, row)| row.to_owned())
}

/// Lines with their ends, whatever bytes they hold, as they come.
fn lines_of(output: ChildStdout) -> Receiver<Vec<u8>> {
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if send.send(mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    lines
}

impl Counted {
    /// Adds a line if it is one of libtest's results.
    fn add(&mut self, line: &str) {
        let Some(result) = line.trim().strip_prefix("test result: ") else { return };
        for part in result.split(['.', ';']) {
            match part.trim().split_once(' ') {
                Some((number, "failed")) => self.failed += number.parse().unwrap_or(0),
                Some((number, "passed")) => self.passed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_add_up() {
        let mut counted = Counted::default();
        counted.add("running 3 tests");
        counted.add("test result: ok. 3 passed; 0 failed; 0 ignored; finished in 0.01s");
        counted.add("test result: FAILED. 10 passed; 2 failed; 0 ignored; finished in 1.01s");
        assert_eq!(counted, Counted { passed: 13, failed: 2 });
    }

    #[test]
    fn a_command_line_shows_its_environment() {
        let step = Step::cargo("ui", &["test"]).env("TRYBUILD", "overwrite");
        assert_eq!(step.command_line(), "TRYBUILD=overwrite cargo test");
    }

    #[test]
    fn a_failing_step_is_named() {
        let error = Step::new("nothing good", "false", &[]).run().unwrap_err();
        assert_eq!(error.to_string(), "nothing good failed");
    }

    #[test]
    fn a_daemon_left_behind_does_not_hold_the_step_up() {
        let begun = Instant::now();
        let leave = Step::new("leave", "sh", &["-c", "timeout 20 tail -f /dev/null &"]);
        assert!(leave.finish().unwrap().succeeded);
        assert!(begun.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn lines_for_the_table_are_kept() {
        assert_eq!(table_row("torture: kill | 10 | ok\n").unwrap(), "kill | 10 | ok");
        assert_eq!(table_row("test faults ... torture: cut | 4 | ok\n").unwrap(), "cut | 4 | ok");
        assert_eq!(table_row("test kill ... ok\n"), None);
    }
}
