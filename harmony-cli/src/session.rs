use std::error::Error;

use harmony_phases::{
    Context, Maestro, Plan, Stopped,
    context::EffectOutcome,
    plan::{Certainty, Verdict},
    secret::EnvironmentSecrets,
    transition::WayBack,
};
use harmony_types::SiteName;

use crate::{
    Exit, Program,
    arguments::{Cli, Common, Confirm, GraphFormat, Verb},
    console::Console,
    failure,
    interrupt::{InFlight, Interrupts},
    secrets::OwnSecrets,
    view::{Audience, View},
};

/// One run of a program, from its arguments to its exit.
#[derive(Debug)]
pub(crate) struct Session<P: Program> {
    cli: Cli<P>,
    console: Console,
}

/// How a verb ended before its end: already told to the operator.
type Ended = Result<Exit, Exit>;

impl<P: Program> Session<P> {
    pub(crate) const fn new(cli: Cli<P>, console: Console) -> Self {
        Self { cli, console }
    }

    /// Does what the verb says, and tells the operator.
    pub(crate) async fn run(self) -> Exit {
        let console = self.console;
        match self.cli.verb {
            Verb::Graph { format } => Ok(print_graphs::<P>(&console, format)),
            Verb::Plan { check, destroy, common, program } => {
                let direction = if destroy { Direction::Down } else { Direction::Up };
                Stage::set(program, common, console).plan(direction, check).await
            }
            Verb::Apply { confirm, common, program } => {
                Stage::set(program, common, console).apply(confirm).await
            }
            Verb::Destroy { confirm, common, program } => {
                Stage::set(program, common, console).destroy(confirm).await
            }
        }
        .unwrap_or_else(|exit| exit)
    }
}

fn print_graphs<P: Program>(console: &Console, format: GraphFormat) -> Exit {
    for graph in P::graphs() {
        let text = match format {
            GraphFormat::Dot => graph.to_dot(),
            GraphFormat::Mermaid => graph.to_mermaid(),
            GraphFormat::Table => graph.table(),
        };
        console.result(text.trim_end());
    }
    Exit::Success
}

/// A program with everything that its verbs need.
struct Stage<P> {
    program: P,
    common: Common,
    console: Console,
}

impl<P: Program> Stage<P> {
    const fn set(program: P, common: Common, console: Console) -> Self {
        Self { program, common, console }
    }

    async fn plan(self, direction: Direction, check: bool) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, direction).await?;
        self.show(&plan);
        Ok(match () {
            () if is_blocked(&plan) => Exit::Blocked,
            () if check && !leaves_all(&plan) => Exit::ChangesPending,
            () => Exit::Success,
        })
    }

    async fn apply(self, confirm: Confirm) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, Direction::Up).await?;
        self.agree(&plan, "apply this plan?", confirm)?;
        let pipeline = self.program.pipeline().map_err(|error| self.fail(&*error))?;
        let start = self.program.start().map_err(|error| self.fail(&*error))?;
        let run = maestro.execute(&pipeline, start);
        let finished = self.watched(&maestro, run).await.map_err(|stopped| self.stop(&stopped))?;
        let status = self.program.status(&finished.topology).await;
        let status = status.map_err(|error| self.fail(&*error))?;
        if !status.is_empty() && !self.common.json {
            self.console.result(status.trim_end());
        }
        Ok(Exit::Success)
    }

    async fn destroy(self, confirm: Confirm) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, Direction::Down).await?;
        self.agree(&plan, "take this down?", confirm)?;
        let pipeline = self.program.pipeline().map_err(|error| self.fail(&*error))?;
        let start = self.program.start().map_err(|error| self.fail(&*error))?;
        let run = maestro.teardown(&pipeline, start);
        let down = self.watched(&maestro, run).await.map_err(|stopped| self.stop(&stopped))?;
        if let Some((at, because)) = down.stays {
            self.console.note(&format!("what lies before `{at}` remains standing: {because}"));
        }
        Ok(Exit::Success)
    }

    /// Shows the plan and asks whether to go on with it.
    fn agree(&self, plan: &Plan, question: &str, confirm: Confirm) -> Result<(), Exit> {
        if !self.common.json {
            self.show(plan);
        }
        if is_blocked(plan) {
            self.console.note("blocked: nothing was touched");
            return Err(Exit::Blocked);
        }
        if confirm.yes || leaves_all(plan) {
            return Ok(());
        }
        match (self.common.json, self.console.confirm(question)) {
            (false, Some(true)) => Ok(()),
            (false, Some(false)) => {
                self.console.note("declined: nothing was touched");
                Err(Exit::Declined)
            }
            _ => {
                self.console.note("error: nobody can be asked here; add --yes to go on");
                Err(Exit::Usage)
            }
        }
    }

    async fn look(&self, maestro: &Maestro, direction: Direction) -> Result<Plan, Exit> {
        let pipeline = self.program.pipeline().map_err(|error| self.fail(&*error))?;
        let start = self.program.start().map_err(|error| self.fail(&*error))?;
        let looked = match direction {
            Direction::Up => maestro.plan(&pipeline, start).await,
            Direction::Down => maestro.plan_teardown(&pipeline, start).await,
        };
        looked.map_err(|error| {
            failure::report(&self.console, &error);
            Exit::Blocked
        })
    }

    /// Does `run`, shown to the operator, who may stop it.
    async fn watched<T>(&self, maestro: &Maestro, run: impl Future<Output = T>) -> T {
        let ctx = maestro.context();
        let in_flight = InFlight::default();
        let view = View::of(&self.console, self.common.json);
        let audience = Audience::seat(ctx.events().follow(), view, in_flight.clone());
        let listener = match Interrupts::take() {
            Ok(signals) => {
                Some(tokio::spawn(signals.obey(ctx.clone(), self.console.clone(), in_flight)))
            }
            Err(error) => {
                log::warn!("Ctrl-C ends the process at once: {error}");
                None
            }
        };
        let result = run.await;
        if let Some(listener) = listener {
            listener.abort();
        }
        audience.leave().await;
        result
    }

    fn maestro(&self) -> Result<Maestro, Exit> {
        let site = self.site().map_err(|error| self.fail(&*error))?;
        let builder = Context::builder(site)
            .prune(self.common.prune)
            .secret_source(EnvironmentSecrets)
            .secret_source(OwnSecrets);
        Ok(Maestro::new(builder.build()))
    }

    fn site(&self) -> Result<SiteName, harmony_phases::BoxError> {
        match &self.common.site {
            Some(site) => Ok(site.clone()),
            None => Ok(P::NAME.parse()?),
        }
    }

    fn show(&self, plan: &Plan) {
        if !self.common.json {
            return self.console.result(&plan.to_string());
        }
        match serde_json::to_string_pretty(plan) {
            Ok(text) => self.console.result(&text),
            Err(error) => drop(failure::report(&self.console, &error)),
        }
    }

    fn fail(&self, error: &(dyn Error + 'static)) -> Exit {
        failure::report(&self.console, error)
    }

    fn stop(&self, stopped: &Stopped) -> Exit {
        failure::report(&self.console, stopped);
        for (effect, outcome) in &stopped.effects {
            let how = match outcome {
                EffectOutcome::Done => "done",
                EffectOutcome::Failed(_) => "failed",
                EffectOutcome::Unknown => "begun, and how it ended is not known",
            };
            self.console.note(&format!("  {}: {how}", effect.intent));
        }
        Exit::of_cause(&stopped.cause)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Down,
    Up,
}

/// Whether a run would change nothing: a teardown also goes back through what it leaves in place.
fn leaves_all(plan: &Plan) -> bool {
    plan.lines.iter().all(|line| match &line.verdict {
        Verdict::WillGoBack(way) => !matches!(way, WayBack::Undoes),
        _ => !line.may_change(),
    })
}

/// Whether the plan is blocked for sure: what was only inferred is judged again in its turn.
fn is_blocked(plan: &Plan) -> bool {
    plan.blocked().any(|(line, _)| line.certainty == Certainty::Proven)
}
