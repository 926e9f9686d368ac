//! The story: planned, cut off, gone on with, run again, repaired, taken down.

use std::{io::Write, time::Duration};

use harmony_cli::Program;
use harmony_phases::{
    BoxError, Context, Maestro, Plan, Stopped,
    context::{EffectOutcome, EffectRecorder},
    event::{EventStream, PlainRenderer},
    pipeline::StepRecord,
};

use crate::Rehearsal;

/// What came of the story.
#[derive(Debug)]
pub struct Told {
    /// The plan of a site where nothing is up: deferred behind its network.
    pub plan: Plan,
    /// How the run under faults ended.
    pub first: FirstRun,
    /// The plan after that: as deep as reality goes.
    pub plan_after: Plan,
    /// What the run did that went on from there.
    pub resumed: Vec<StepRecord>,
    /// What the run after that one did.
    pub again: Vec<StepRecord>,
    /// How many effects that one had.
    pub effects_of_again: usize,
    /// The plan after somebody removed the DNS records by hand.
    pub plan_of_drift: Plan,
    /// What the run did that repaired it.
    pub repaired: Vec<StepRecord>,
    /// What the teardown did.
    pub torn_down: Vec<StepRecord>,
}

/// How the run under faults ended.
#[derive(Debug)]
pub enum FirstRun {
    /// It arrived in spite of them.
    Arrived,
    /// It hung, so it was killed.
    Killed,
    /// It stopped, and says where and why.
    Stopped(Box<Stopped>),
}

/// How long a run may hang before the story kills it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Stage<'a, W> {
    rehearsal: &'a Rehearsal,
    maestro: Maestro,
    effects: EffectRecorder,
    events: EventStream,
    out: W,
}

/// Tells the story of `rehearsal` to `out`.
///
/// # Errors
/// When a run stops that has no faults in its way, or `out` takes no more text.
pub async fn tell(rehearsal: &Rehearsal, out: impl Write) -> Result<Told, BoxError> {
    let mut stage = Stage::set(rehearsal, out)?;
    let plan =
        stage.plan("1. A plan: nothing is up, so all but the first step is deferred").await?;
    let first = stage.first_run("2. A run, with faults in its way").await?;
    let plan_after = stage.plan("3. A plan again: it sees as far as reality goes").await?;
    let resumed = stage.run("4. The next run goes on from there").await?;
    let effects = stage.effects.count();
    let again = stage.run("5. And another: there is nothing left to do").await?;
    let effects_of_again = stage.effects.count() - effects;
    rehearsal.site().meddle(|services| services.records.clear());
    let plan_of_drift = stage.plan("6. Somebody clears the DNS server: a plan sees it").await?;
    let repaired = stage.run("7. A run repairs it").await?;
    let torn_down = stage.tear_down("8. Taken down, in reverse").await?;
    Ok(Told {
        plan,
        first,
        plan_after,
        resumed,
        again,
        effects_of_again,
        plan_of_drift,
        repaired,
        torn_down,
    })
}

impl<'a, W: Write> Stage<'a, W> {
    fn set(rehearsal: &'a Rehearsal, out: W) -> Result<Self, BoxError> {
        let effects = EffectRecorder::default();
        let ctx = Context::builder("rehearsal".parse()?).effects(effects.clone()).build();
        let events = ctx.events().follow();
        Ok(Self { rehearsal, maestro: Maestro::new(ctx), effects, events, out })
    }

    async fn plan(&mut self, heading: &str) -> Result<Plan, BoxError> {
        let plan = self.maestro.plan(&self.rehearsal.pipeline()?, self.rehearsal.start()?).await?;
        self.events.drain();
        writeln!(self.out, "\n{heading}\n{plan}")?;
        Ok(plan)
    }

    async fn first_run(&mut self, heading: &str) -> Result<FirstRun, BoxError> {
        let (pipeline, start) = (self.rehearsal.pipeline()?, self.rehearsal.start()?);
        let run = self.maestro.execute(&pipeline, start);
        let end = tokio::time::timeout(PATIENCE, run).await;
        self.show(heading)?;
        Ok(match end {
            Ok(Ok(_)) => FirstRun::Arrived,
            Ok(Err(stopped)) => {
                for (effect, outcome) in &stopped.effects {
                    let what = &effect.intent;
                    match outcome {
                        EffectOutcome::Done => writeln!(self.out, "      it did {what}")?,
                        EffectOutcome::Failed(_) | EffectOutcome::Unknown => {
                            writeln!(self.out, "      it cannot say whether it did {what}")?;
                        }
                    }
                }
                FirstRun::Stopped(Box::new(stopped))
            }
            Err(_) => {
                writeln!(self.out, "      it hangs, and is killed")?;
                FirstRun::Killed
            }
        })
    }

    async fn run(&mut self, heading: &str) -> Result<Vec<StepRecord>, BoxError> {
        self.rehearsal.site().faults().clear();
        let (pipeline, start) = (self.rehearsal.pipeline()?, self.rehearsal.start()?);
        let finished = self.maestro.execute(&pipeline, start).await;
        self.show(heading)?;
        let finished = finished?;
        write!(self.out, "{}", self.rehearsal.status(&finished.topology).await?)?;
        Ok(finished.completed)
    }

    async fn tear_down(&mut self, heading: &str) -> Result<Vec<StepRecord>, BoxError> {
        let (pipeline, start) = (self.rehearsal.pipeline()?, self.rehearsal.start()?);
        let plan = self.maestro.plan_teardown(&pipeline, start).await?;
        self.events.drain();
        writeln!(self.out, "\n{heading}\n{plan}")?;
        let down = self.maestro.teardown(&pipeline, self.rehearsal.start()?).await;
        self.show("")?;
        Ok(down?.completed)
    }

    /// Prints what has happened since the last time.
    fn show(&mut self, heading: &str) -> Result<(), BoxError> {
        writeln!(self.out, "\n{heading}")?;
        let mut lines = PlainRenderer::new(&mut self.out);
        for event in self.events.drain() {
            lines.render(&event)?;
        }
        Ok(())
    }
}
