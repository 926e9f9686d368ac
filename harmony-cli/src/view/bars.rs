use std::{collections::BTreeMap, time::Duration};

use harmony_phases::{
    StepId, Unit,
    event::{Event, EventKind, PlainRenderer},
};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use crate::console::{Console, Notes};

/// A bar for the whole, and below it one for each step, or each system, that is under way.
#[derive(Debug)]
pub(crate) struct Bars {
    console: Console,
    lines: PlainRenderer<Notes>,
    whole: Option<ProgressBar>,
    below: BTreeMap<Key, ProgressBar>,
}

/// What a bar below the whole stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// One system of several, whatever its steps are: a screen has few lines.
    System(Uuid),
    /// A step of the one system.
    Step(StepId),
}

impl Bars {
    pub(crate) fn new(console: Console) -> Self {
        let lines = PlainRenderer::new(Notes::on(console.clone()));
        Self { console, lines, whole: None, below: BTreeMap::new() }
    }

    pub(crate) fn show(&mut self, event: &Event) {
        match &event.kind {
            EventKind::FleetStarted { hosts, .. } => self.begin(event, hosts.len()),
            EventKind::RunStarted { steps, .. } if event.within.is_none() => {
                self.begin(event, steps.len());
            }
            EventKind::RunStarted { .. } | EventKind::Note { .. } => self.line(event),
            EventKind::StepStarted { step } => self.say(event, step, String::new()),
            EventKind::Progress { step, done, total, unit } => {
                let bar = self.bar(event, step);
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
                self.say(event, step, text);
            }
            EventKind::StepFinished { record } => {
                self.line(event);
                if event.within.is_none() {
                    self.end(&Key::Step(record.step.clone()));
                }
            }
            EventKind::RunFinished { .. } if event.within.is_some() => {
                self.line(event);
                self.end(&Key::System(event.run));
            }
            EventKind::HostNotRun { .. } => {
                self.line(event);
                self.count();
            }
            EventKind::RunFinished { .. } | EventKind::FleetFinished { .. } => {
                self.below.values().chain(&self.whole).for_each(ProgressBar::finish_and_clear);
                self.line(event);
            }
            EventKind::EffectBegun { effect } => {
                if let Some(step) = &effect.step {
                    self.say(event, step, effect.intent.to_string());
                }
            }
            EventKind::EffectEnded { .. } => {}
        }
    }

    fn begin(&mut self, event: &Event, parts: usize) {
        let bar = ProgressBar::new(parts as u64).with_style(run_style());
        self.whole = Some(self.console.bars().add(bar));
        self.line(event);
    }

    fn line(&mut self, event: &Event) {
        // Notes never fail: whoever went away misses them, and the run goes on.
        let _ = self.lines.render(event);
    }

    fn end(&mut self, key: &Key) {
        if let Some(bar) = self.below.remove(key) {
            bar.finish_and_clear();
        }
        self.count();
    }

    fn count(&self) {
        if let Some(whole) = &self.whole {
            whole.inc(1);
        }
    }

    /// Shows what a step is doing.
    fn say(&mut self, event: &Event, step: &StepId, what: String) {
        let text = match event.within {
            Some(_) => format!("{step} {what}"),
            None => what,
        };
        self.bar(event, step).set_message(text);
    }

    /// The bar of a step, or of its system, made when it is first heard of.
    fn bar(&mut self, event: &Event, step: &StepId) -> &ProgressBar {
        let (key, prefix) = match event.within {
            Some(_) => (Key::System(event.run), event.host.clone()),
            None => (Key::Step(step.clone()), step.to_string()),
        };
        self.below.entry(key).or_insert_with(|| {
            let bar = ProgressBar::new_spinner().with_style(step_style());
            let bar = self.console.bars().add(bar).with_prefix(prefix);
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

        assert!(bars.below.is_empty());
        assert!(err.text().contains("[2/2] note b: done"), "{}", err.text());
    }
}
