use harmony_phases::{
    Maestro, Pipeline, Plan, Stopped,
    graph::PhaseGraph,
    plan::{Certainty, PlanLine, Verdict},
    transition::WayBack,
};

use crate::{
    Exit, Program,
    arguments::{Cli, Common, Confirm, GraphFormat, Verb},
    console::Console,
    surroundings::Surroundings,
};

/// One run of a program, from its arguments to its exit.
#[derive(Debug)]
pub(crate) struct Session<P: Program> {
    cli: Cli<Verb<P>>,
    console: Console,
}

/// How a verb ended before its end: already told to the operator.
pub(crate) type Ended = Result<Exit, Exit>;

impl<P: Program> Session<P> {
    pub(crate) const fn new(cli: Cli<Verb<P>>, console: Console) -> Self {
        Self { cli, console }
    }

    /// Does what the verb says, and tells the operator.
    pub(crate) async fn run(self) -> Exit {
        let console = self.console;
        match self.cli.verb {
            Verb::Graph { format } => Ok(print_graphs(&P::graphs(), &console, format)),
            #[cfg(feature = "key-store")]
            Verb::Secrets(verb) => verb.run(P::NAME, console).await,
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

pub(crate) fn print_graphs(graphs: &[PhaseGraph], console: &Console, format: GraphFormat) -> Exit {
    for graph in graphs {
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
    around: Surroundings,
}

type Ready<P> = (Pipeline<<P as Program>::Start, <P as Program>::End>, <P as Program>::Start);

impl<P: Program> Stage<P> {
    const fn set(program: P, common: Common, console: Console) -> Self {
        Self { program, around: Surroundings { common, console, name: P::NAME } }
    }

    async fn plan(self, direction: Direction, check: bool) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, direction).await?;
        self.show(&plan);
        Ok(match () {
            () if is_blind(&plan) => Exit::Failed,
            () if is_blocked(&plan) => Exit::Blocked,
            () if check && !leaves_all(&plan) => Exit::ChangesPending,
            () => Exit::Success,
        })
    }

    async fn apply(self, confirm: Confirm) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, Direction::Up).await?;
        self.agree(&plan, "apply this plan?", confirm)?;
        let (pipeline, start) = self.ready()?;
        let run = maestro.execute(&pipeline, start);
        let finished = self.around.watched(maestro.context(), run).await;
        let finished = finished.map_err(|stopped| self.stop(&stopped))?;
        let status = self.program.status(&finished.topology).await;
        let status = status.map_err(|error| self.around.fail(&*error))?;
        if !status.is_empty() && !self.around.common.json {
            self.around.console.result(status.trim_end());
        }
        Ok(Exit::Success)
    }

    async fn destroy(self, confirm: Confirm) -> Ended {
        let maestro = self.maestro()?;
        let plan = self.look(&maestro, Direction::Down).await?;
        self.agree(&plan, "take this down?", confirm)?;
        let (pipeline, start) = self.ready()?;
        let run = maestro.teardown(&pipeline, start);
        let down = self.around.watched(maestro.context(), run).await;
        let down = down.map_err(|stopped| self.stop(&stopped))?;
        if let Some((at, because)) = down.stays {
            let text = format!("what lies before `{at}` remains standing: {because}");
            self.around.console.note(&text);
        }
        Ok(Exit::Success)
    }

    /// Shows the plan and asks whether to go on with it.
    fn agree(&self, plan: &Plan, question: &str, confirm: Confirm) -> Result<(), Exit> {
        if !self.around.common.json {
            self.show(plan);
        }
        if is_blocked(plan) {
            self.around.console.note("blocked: nothing was touched");
            return Err(Exit::Blocked);
        }
        if leaves_all(plan) {
            return Ok(());
        }
        self.around.agree(question, confirm)
    }

    async fn look(&self, maestro: &Maestro, direction: Direction) -> Result<Plan, Exit> {
        let (pipeline, start) = self.ready()?;
        let looked = match direction {
            Direction::Up => maestro.plan(&pipeline, start).await,
            Direction::Down => maestro.plan_teardown(&pipeline, start).await,
        };
        looked.map_err(|error| {
            self.around.fail(&error);
            Exit::Blocked
        })
    }

    fn ready(&self) -> Result<Ready<P>, Exit> {
        let pipeline = self.program.pipeline().map_err(|error| self.around.fail(&*error))?;
        let start = self.program.start().map_err(|error| self.around.fail(&*error))?;
        Ok((pipeline, start))
    }

    fn maestro(&self) -> Result<Maestro, Exit> {
        Ok(Maestro::new(self.around.context()?.build()))
    }

    fn show(&self, plan: &Plan) {
        if self.around.common.json {
            self.around.write_json(plan);
        } else {
            self.around.console.result(&plan.to_string());
        }
    }

    fn stop(&self, stopped: &Stopped) -> Exit {
        self.around.fail(stopped);
        self.around.tell_effects(stopped);
        Exit::of_cause(&stopped.cause)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Down,
    Up,
}

/// Whether a run would change nothing: a teardown also goes back through what it leaves in place.
pub(crate) fn leaves_all(plan: &Plan) -> bool {
    plan.lines.iter().all(|line| match &line.verdict {
        Verdict::WillGoBack(way) => !matches!(way, WayBack::Undoes),
        _ => !line.may_change(),
    })
}

/// Whether the plan is blocked for sure: what was only inferred is judged again in its turn.
pub(crate) fn is_blocked(plan: &Plan) -> bool {
    plan.blocked().any(|(line, _)| line.certainty == Certainty::Proven)
}

/// Whether a look has failed, at what there is already: an operator who asks gets no answer.
pub(crate) fn is_blind(plan: &Plan) -> bool {
    let failed = |line: &PlanLine| matches!(line.verdict, Verdict::CannotTell(_));
    plan.lines.iter().any(|line| line.certainty == Certainty::Proven && failed(line))
}
