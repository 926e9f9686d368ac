//! Events as plain lines, for logs and for terminals without a cursor.

use std::io::{self, Write};

use super::{Event, EventKind, RunResult};
use crate::{Unit, pipeline::StepResult};

/// Writes events as plain lines, e.g. `[2/7] vm web: done`.
///
/// Progress is left to richer renderers: a line each would drown the rest.
#[derive(Debug)]
pub struct PlainRenderer<W> {
    out: W,
    steps: usize,
    finished: usize,
}

impl<W: Write> PlainRenderer<W> {
    /// Renders to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, steps: 0, finished: 0 }
    }

    /// Renders one event.
    ///
    /// # Errors
    /// What writing reports.
    pub fn render(&mut self, event: &Event) -> io::Result<()> {
        let out = &mut self.out;
        match &event.kind {
            EventKind::RunStarted { steps, .. } => {
                (self.steps, self.finished) = (steps.len(), 0);
                writeln!(out, "{}: {} steps", event.host, steps.len())
            }
            EventKind::StepFinished { record } if record.result == StepResult::NotRun => Ok(()),
            EventKind::StepFinished { record } => {
                self.finished += 1;
                write!(out, "[{}/{}] {record}", self.finished, self.steps)?;
                writeln!(out)
            }
            EventKind::Waiting { step, condition, waited, evidence, evidence_age } => {
                write!(out, "      {step}: waiting until {condition}, {} s", waited.as_secs())?;
                if let (Some(evidence), Some(age)) = (evidence, evidence_age) {
                    write!(out, "; last evidence, {} s old: {evidence}", age.as_secs())?;
                }
                writeln!(out)
            }
            EventKind::Note { step, text } => writeln!(out, "      {step}: {text}"),
            EventKind::RunFinished { result: RunResult::Finished } => {
                writeln!(out, "{}: finished", event.host)
            }
            EventKind::RunFinished { result: RunResult::Stopped { at, .. } } => {
                let rest = self.steps.saturating_sub(self.finished);
                writeln!(out, "{}: stopped at `{at}`; {rest} steps not run", event.host)
            }
            EventKind::Progress { step, done, total: Some(total), unit: Unit::Bytes }
                if done == total =>
            {
                writeln!(out, "      {step}: {total} bytes")
            }
            EventKind::EffectBegun { .. }
            | EventKind::EffectEnded { .. }
            | EventKind::Progress { .. }
            | EventKind::StepStarted { .. } => Ok(()),
        }
    }
}
