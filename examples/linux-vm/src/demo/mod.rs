//! The life of a machine on `test:///default`, told step by step.
//!
//! Each step is checked: a demo that tells what did not happen fails.

mod world;

use std::io::Write;

use anyhow::{Context as _, Result, anyhow, ensure};
use clap::Parser;
use harmony_cli::Program;
use harmony_phases::{
    Context, Maestro, Pipeline, Plan, Topology, event::PlainRenderer, pipeline::Finished,
};
use harmony_providers::kvm_host::{Declared, KvmHost};
use tokio::runtime::Builder;
use world::World;

use crate::LinuxVm;

/// Tells the whole story on `out`.
///
/// # Errors
/// The first step that did not go as told.
pub fn run(out: impl Write) -> Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Story::begin(out)?.tell())
}

/// Writes an error with its causes.
pub fn complain(mut out: impl Write, error: &anyhow::Error) {
    // Who cannot be told, cannot be told.
    let _ = writeln!(out, "error: {error:#}");
}

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    options: LinuxVm,
}

struct Story<W> {
    out: W,
    world: World,
    options: LinuxVm,
    maestro: Maestro,
    pipeline: Pipeline<Topology<Declared>, Topology<KvmHost>>,
}

impl<W: Write> Story<W> {
    fn begin(out: W) -> Result<Self> {
        let world = World::open()?;
        let installer = world.installer()?;
        let line = ["linux-vm", "--uri", World::URI, "--iso-volume", &installer];
        let options = CommandLine::try_parse_from(line)?.options;
        let pipeline = options.pipeline().map_err(|error| anyhow!(error))?;
        let maestro = Maestro::new(Context::for_site("demo".parse()?));
        Ok(Self { out, world, options, maestro, pipeline })
    }

    async fn tell(mut self) -> Result<()> {
        let plan = self.plan("plan: what apply would do").await?;
        ensure!(!plan.is_noop(), "the plan finds nothing to do");
        self.apply("apply: the machine is built").await?;
        self.apply_again().await?;
        self.drift().await?;
        self.apply("apply: the machine is repaired").await?;
        self.destroy().await
    }

    async fn plan(&mut self, heading: &str) -> Result<Plan> {
        self.heading(heading)?;
        let plan = self.maestro.plan(&self.pipeline, self.start()?).await?;
        writeln!(self.out, "{plan}")?;
        Ok(plan)
    }

    async fn apply(&mut self, heading: &str) -> Result<()> {
        self.heading(heading)?;
        let finished = self.execute().await?;
        ensure!(finished.changed(), "apply changed nothing, and there was something to do");
        Ok(())
    }

    async fn apply_again(&mut self) -> Result<()> {
        self.heading("apply again: nothing to do")?;
        let finished = self.execute().await?;
        ensure!(!finished.changed(), "apply changed something, and there was nothing to do");
        Ok(())
    }

    async fn drift(&mut self) -> Result<()> {
        self.heading("somebody halves the machine's memory, behind Harmony's back")?;
        self.world.halve_memory(self.options.name.as_str())?;
        writeln!(self.out, "as with `virsh edit {}`", self.options.name)?;
        let plan = self.plan("plan: the difference is seen").await?;
        let step = format!("vm {}", self.options.name);
        let line = plan.line(&step).with_context(|| format!("the plan has no `{step}`"))?;
        ensure!(line.may_change(), "the plan does not see the difference");
        Ok(())
    }

    async fn destroy(&mut self) -> Result<()> {
        self.heading("destroy: what was built is taken down, in reverse order")?;
        let plan = self.maestro.plan_teardown(&self.pipeline, self.start()?).await?;
        writeln!(self.out, "{plan}")?;
        let mut events = self.maestro.context().events().follow();
        let down = self.maestro.teardown(&self.pipeline, self.start()?).await;
        self.show(&mut events)?;
        ensure!(down.map_err(|stopped| anyhow!(stopped))?.stays.is_none(), "something stays");
        self.world.is_as_before()?;
        writeln!(self.out, "\nThe machine, its disk, and its network are gone.")?;
        writeln!(self.out, "The installer's volume, which is not ours, is still there.")?;
        Ok(())
    }

    async fn execute(&mut self) -> Result<Finished<Topology<KvmHost>>> {
        let mut events = self.maestro.context().events().follow();
        let finished = self.maestro.execute(&self.pipeline, self.start()?).await;
        self.show(&mut events)?;
        finished.map_err(|stopped| anyhow!(stopped))
    }

    fn show(&mut self, events: &mut harmony_phases::event::EventStream) -> Result<()> {
        let mut lines = PlainRenderer::new(&mut self.out);
        Ok(events.drain().iter().try_for_each(|event| lines.render(event))?)
    }

    fn start(&self) -> Result<Topology<Declared>> {
        self.options.start().map_err(|error| anyhow!(error))
    }

    fn heading(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n== {text} ==\n")?)
    }
}
