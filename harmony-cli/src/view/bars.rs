use std::{collections::BTreeMap, time::Duration};

use harmony_phases::{
    StepId, Unit,
    event::{Event, EventKind, PlainRenderer},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::console::{Console, Notes};

/// A bar for the run, and below it one for each step that is under way.
#[derive(Debug)]
pub(crate) struct Bars {
    console: Console,
    lines: PlainRenderer<Notes>,
    run: Option<ProgressBar>,
    steps: BTreeMap<StepId, ProgressBar>,
}

impl Bars {
    pub(crate) fn new(console: Console) -> Self {
        let lines = PlainRenderer::new(Notes::on(console.clone()));
        Self { console, lines, run: None, steps: BTreeMap::new() }
    }

    pub(crate) fn show(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunStarted { steps, .. } => {
                let bar = ProgressBar::new(steps.len() as u64).with_style(run_style());
                self.run = Some(self.console.bars().add(bar));
                self.line(event);
            }
            EventKind::StepStarted { step } => {
                self.bar(step);
            }
            EventKind::Progress { step, done, total, unit } => {
                let bar = self.bar(step);
                bar.set_style(progress_style(*unit, total.is_some()));
                if let Some(total) = total {
                    bar.set_length(*total);
                }
                bar.set_position(*done);
            }
            EventKind::Waiting { step, condition, waited, evidence, .. } => {
                let evidence = evidence.as_deref().unwrap_or("nothing seen yet");
                let seconds = waited.as_secs();
                let text = format!("waiting until {condition}, {seconds} s ({evidence})");
                self.bar(step).set_message(text);
            }
            EventKind::StepFinished { record } => {
                if let Some(bar) = self.steps.remove(&record.step) {
                    bar.finish_and_clear();
                }
                self.line(event);
                if let Some(run) = &self.run {
                    run.inc(1);
                }
            }
            EventKind::RunFinished { .. } => {
                self.steps.values().chain(&self.run).for_each(ProgressBar::finish_and_clear);
                self.line(event);
            }
            EventKind::Note { .. } => self.line(event),
            EventKind::EffectBegun { effect } => {
                if let Some(step) = &effect.step {
                    self.bar(step).set_message(effect.intent.to_string());
                }
            }
            EventKind::EffectEnded { .. } => {}
        }
    }

    fn line(&mut self, event: &Event) {
        // Notes never fail: whoever went away misses them, and the run goes on.
        let _ = self.lines.render(event);
    }

    /// The bar of a step, made when the step is first heard of.
    fn bar(&mut self, step: &StepId) -> &ProgressBar {
        self.steps.entry(step.clone()).or_insert_with(|| {
            let bar = ProgressBar::new_spinner().with_style(step_style());
            let bar = self.console.bars().add(bar).with_prefix(step.to_string());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        })
    }
}

const RUN: &str = "{wide_bar} {pos}/{len} {elapsed}";
const STEP: &str = "  {spinner} {prefix} {wide_msg}";
const BYTES_OF: &str = "  {spinner} {prefix} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}";
const BYTES: &str = "  {spinner} {prefix} {bytes} {bytes_per_sec}";
const ITEMS_OF: &str = "  {spinner} {prefix} {bar:30} {pos}/{len}";
const ITEMS: &str = "  {spinner} {prefix} {pos}";

fn run_style() -> ProgressStyle {
    style(RUN)
}

fn step_style() -> ProgressStyle {
    style(STEP)
}

fn progress_style(unit: Unit, bounded: bool) -> ProgressStyle {
    style(match (unit, bounded) {
        (Unit::Bytes, true) => BYTES_OF,
        (Unit::Bytes, false) => BYTES,
        (Unit::Items, true) => ITEMS_OF,
        (Unit::Items, false) => ITEMS,
    })
}

fn style(template: &str) -> ProgressStyle {
    // A template that does not parse shows as indicatif's own; a test says that all of ours do.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use harmony_phases::Context;

    use super::*;
    use crate::{Program, tests::desk::Desk};

    #[test]
    fn all_templates_parse() {
        for template in [RUN, STEP, BYTES_OF, BYTES, ITEMS_OF, ITEMS] {
            ProgressStyle::with_template(template).unwrap();
        }
    }

    #[tokio::test]
    async fn finished_steps_are_counted_and_their_bars_are_gone() {
        let folder = tempfile::tempdir().unwrap();
        let notes = vec!["a".to_owned(), "b".to_owned()];
        let desk = Desk { folder: folder.path().to_owned(), notes };
        let ctx = Context::for_site("desk".parse().unwrap());
        let mut events = ctx.events().follow();
        let run = desk.pipeline().unwrap();
        assert!(run.execute(&ctx, desk.start().unwrap()).await.unwrap().changed());

        let (console, _, err) = Console::captured(None);
        let mut bars = Bars::new(console);
        events.drain().iter().for_each(|event| bars.show(event));

        assert!(bars.steps.is_empty());
        assert!(err.text().contains("[2/2] note b: done"), "{}", err.text());
    }
}
