//! Events as plain lines, for logs and for terminals without a cursor.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use uuid::Uuid;

use super::{Event, EventKind, RunResult};
use crate::{Unit, pipeline::StepResult};

/// Writes events as plain lines, e.g. `[2/7] vm web: done`.
///
/// Progress is left to richer renderers: a line each would drown the rest.
///
/// The lines of a run over several systems begin with the system's name.
#[derive(Debug)]
pub struct PlainRenderer<W> {
    out: W,
    runs: BTreeMap<Uuid, Count>,
}

/// How far a run has come.
#[derive(Debug, Default)]
struct Count {
    steps: usize,
    finished: usize,
}

impl<W: Write> PlainRenderer<W> {
    /// Renders to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, runs: BTreeMap::new() }
    }

    /// Renders one event.
    ///
    /// # Errors
    /// What writing reports.
    pub fn render(&mut self, event: &Event) -> io::Result<()> {
        let host = &event.host;
        match &event.kind {
            EventKind::FleetStarted { hosts, .. } => {
                writeln!(self.out, "{host}: {} systems", hosts.len())
            }
            EventKind::FleetFinished { finished, stopped, not_run } => {
                writeln!(
                    self.out,
                    "{host}: {finished} finished, {stopped} stopped, {not_run} not run"
                )
            }
            EventKind::HostNotRun { system, because } => {
                writeln!(self.out, "{system}: not run: {because}")
            }
            EventKind::RunStarted { steps, .. } => {
                self.runs.insert(event.run, Count { steps: steps.len(), finished: 0 });
                writeln!(self.out, "{host}: {} steps", steps.len())
            }
            EventKind::RunFinished { result } => {
                let count = self.runs.remove(&event.run).unwrap_or_default();
                match result {
                    RunResult::Finished => writeln!(self.out, "{host}: finished"),
                    RunResult::Stopped { at, .. } => {
                        let rest = count.steps.saturating_sub(count.finished);
                        writeln!(self.out, "{host}: stopped at `{at}`; {rest} steps not run")
                    }
                }
            }
            _ => self.render_step(event),
        }
    }

    fn render_step(&mut self, event: &Event) -> io::Result<()> {
        let whose = event.within.map(|_| format!("{} ", event.host)).unwrap_or_default();
        let out = &mut self.out;
        match &event.kind {
            EventKind::StepFinished { record } if record.result == StepResult::NotRun => Ok(()),
            EventKind::StepFinished { record } => {
                let count = self.runs.entry(event.run).or_default();
                count.finished += 1;
                writeln!(out, "{whose}[{}/{}] {record}", count.finished, count.steps)
            }
            EventKind::Waiting { step, condition, waited, evidence, evidence_age } => {
                let seconds = waited.as_secs();
                write!(out, "      {whose}{step}: waiting until {condition}, {seconds} s")?;
                if let (Some(evidence), Some(age)) = (evidence, evidence_age) {
                    write!(out, "; last evidence, {} s old: {evidence}", age.as_secs())?;
                }
                writeln!(out)
            }
            EventKind::Note { step, text } => writeln!(out, "      {whose}{step}: {text}"),
            EventKind::Progress { step, done, total: Some(total), unit: Unit::Bytes }
                if done == total =>
            {
                writeln!(out, "      {whose}{step}: {total} bytes")
            }
            _ => Ok(()),
        }
    }
}
