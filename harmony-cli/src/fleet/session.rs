use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};
use harmony_phases::{
    Context, Maestro, Plan,
    inventory::{Host, Inventory},
    maestro::{Fleet, FleetError, HostEnd, HostRun, Pace},
};

use super::{
    FleetProgram,
    arguments::{FleetOptions, FleetVerb, OverHosts},
    contact::{self, Contact},
    ends::{self, Ending},
};
use crate::{
    Exit,
    arguments::{Cli, Common, Confirm, Verb},
    console::Console,
    session::{Direction, Ended, is_blind, leaves_all, print_graphs},
    surroundings::Surroundings,
};

/// One run of a program over many hosts, from its arguments to its exit.
#[derive(Debug)]
pub(crate) struct FleetSession<P: FleetProgram> {
    cli: Cli<FleetVerb<P>>,
    console: Console,
}

impl<P: FleetProgram> FleetSession<P> {
    pub(crate) const fn new(cli: Cli<FleetVerb<P>>, console: Console) -> Self {
        Self { cli, console }
    }

    /// Does what the verb says, and tells the operator.
    pub(crate) async fn run(self) -> Exit {
        let console = self.console;
        let done = match self.cli.verb {
            FleetVerb::Hosts { common, program } => match Stage::set(program, common, console) {
                Ok(stage) => stage.contact().await,
                Err(exit) => Err(exit),
            },
            FleetVerb::Usual(verb) => usual(verb, console).await,
        };
        done.unwrap_or_else(|exit| exit)
    }
}

async fn usual<P: FleetProgram>(verb: Verb<OverHosts<P>>, console: Console) -> Ended {
    match verb {
        Verb::Graph { format } => Ok(print_graphs(&P::graphs(), &console, format)),
        #[cfg(feature = "key-store")]
        Verb::Secrets(verb) => verb.run(P::NAME, console).await,
        Verb::Plan { check, destroy, common, program } => {
            let direction = if destroy { Direction::Down } else { Direction::Up };
            Stage::set(program, common, console)?.plan(direction, check).await
        }
        Verb::Apply { confirm, common, program } => {
            Stage::set(program, common, console)?.apply(confirm).await
        }
        Verb::Destroy { confirm, common, program } => {
            Stage::set(program, common, console)?.destroy(confirm).await
        }
    }
}

/// A program with everything that its verbs need.
struct Stage<P> {
    program: P,
    options: FleetOptions,
    hosts: Vec<Host>,
    maestro: Maestro,
    around: Surroundings,
}

type FleetOf<P> = Fleet<<P as FleetProgram>::Start, <P as FleetProgram>::End>;

impl<P: FleetProgram> Stage<P> {
    fn set(over: OverHosts<P>, common: Common, console: Console) -> Result<Self, Exit> {
        let OverHosts { fleet: options, program } = over;
        let around = Surroundings { common, console, name: P::NAME };
        let inventory = Inventory::read(&options.inventory).map_err(|error| {
            around.fail(&error);
            Exit::Usage
        })?;
        let hosts: Vec<_> = inventory.select(&options.hosts).cloned().collect();
        if hosts.is_empty() {
            let (selector, all) = (&options.hosts, inventory.hosts().len());
            let text = format!("error: `{selector}` picks none of the inventory's {all} hosts");
            around.console.note(&text);
            return Err(Exit::Usage);
        }
        let maestro = Maestro::new(around.context()?.inventory(inventory).build());
        Ok(Self { program, options, hosts, maestro, around })
    }

    async fn contact(self) -> Ended {
        let ctx = self.maestro.context();
        let looks = self.hosts.iter().map(async |host: &Host| {
            Contact::new(host.clone(), self.program.contact(ctx, host).await)
        });
        let looks = stream::iter(looks).buffered(self.options.side_by_side);
        let contacts: Vec<_> = self.around.watched(ctx, looks.collect()).await;
        if self.around.common.json {
            self.around.write_json(&contacts);
        } else {
            self.around.console.result(&contact::table(&contacts).to_string());
        }
        let all = contacts.iter().all(Contact::reached);
        Ok(if all { Exit::Success } else { Exit::Failed })
    }

    async fn plan(self, direction: Direction, check: bool) -> Ended {
        let plans = self.look(direction).await?;
        self.show(&plans);
        Ok(match () {
            () if plans.iter().any(cannot_tell) => Exit::Failed,
            () if plans.iter().any(ends::left_out) => Exit::Blocked,
            () if check && !plans.iter().all(changes_nothing) => Exit::ChangesPending,
            () => Exit::Success,
        })
    }

    async fn apply(self, confirm: Confirm) -> Ended {
        let (fleet, blocked) = self.agreed(Direction::Up, confirm).await?;
        let Some(fleet) = fleet else { return Ok(blocked) };
        let run = self.maestro.execute_fleet(fleet);
        let runs = self.around.watched(self.ctx(), run).await;
        self.tell(runs, blocked)
    }

    async fn destroy(self, confirm: Confirm) -> Ended {
        let (fleet, blocked) = self.agreed(Direction::Down, confirm).await?;
        let Some(fleet) = fleet else { return Ok(blocked) };
        let run = self.maestro.teardown_fleet(fleet);
        let runs = self.around.watched(self.ctx(), run).await;
        self.tell(runs, blocked)
    }

    /// Looks, shows the plans, and asks whether to go on: with the hosts that are not blocked.
    async fn agreed(
        &self,
        direction: Direction,
        confirm: Confirm,
    ) -> Result<(Option<FleetOf<P>>, Exit), Exit> {
        let plans = self.look(direction).await?;
        if !self.around.common.json {
            self.show(&plans);
        }
        let out: BTreeSet<_> =
            plans.iter().filter(|run| ends::left_out(run)).map(|run| run.host.as_str()).collect();
        let go: Vec<_> =
            self.hosts.iter().filter(|host| !out.contains(host.name.as_str())).collect();
        let blocked = if out.is_empty() { Exit::Success } else { Exit::Blocked };
        if !out.is_empty() {
            let names = out.iter().copied().collect::<Vec<_>>().join(", ");
            self.around.console.note(&format!("blocked, and left out: {names}"));
        }
        if go.is_empty() || plans.iter().all(|run| ends::left_out(run) || changes_nothing(run)) {
            return Ok((None, blocked));
        }
        let what = match direction {
            Direction::Up => "apply these plans",
            Direction::Down => "take these down",
        };
        self.around.agree(&format!("{what} on {} hosts?", go.len()), confirm)?;
        Ok((Some(self.fleet(go, self.options.pace())?), blocked))
    }

    async fn look(&self, direction: Direction) -> Result<Vec<HostRun<Plan>>, Exit> {
        let fleet = self.fleet(&self.hosts, self.options.looking_pace())?;
        let looked = match direction {
            Direction::Up => self.maestro.plan_fleet(fleet).await,
            Direction::Down => self.maestro.plan_teardown_fleet(fleet).await,
        };
        looked.map_err(|error| self.contradicts(&error))
    }

    fn fleet<'a>(
        &self,
        hosts: impl IntoIterator<Item = &'a Host>,
        pace: Pace,
    ) -> Result<FleetOf<P>, Exit> {
        let system = |host: &Host| Ok((self.program.start(host)?, self.program.pipeline(host)?));
        let systems = hosts.into_iter().map(|host| {
            system(host).map_err(|error: harmony_phases::BoxError| {
                self.around.console.note(&format!("host {}:", host.name));
                self.around.fail(&*error);
                Exit::Usage
            })
        });
        Ok(Fleet::of(systems.collect::<Result<Vec<_>, _>>()?).pace(pace))
    }

    fn tell<T: Ending>(&self, runs: Result<Vec<HostRun<T>>, FleetError>, blocked: Exit) -> Ended {
        let runs = runs.map_err(|error| self.contradicts(&error))?;
        for run in &runs {
            if let HostEnd::Stopped(stopped) = &run.end
                && !stopped.effects.is_empty()
            {
                self.around.console.note(&format!("{}: `{}` had done:", run.host, stopped.at));
                self.around.tell_effects(stopped);
            }
        }
        if !self.around.common.json {
            self.around.console.result(&ends::outcomes(&runs).to_string());
        }
        Ok(match ends::exit(&runs) {
            Exit::Success => blocked,
            exit => exit,
        })
    }

    fn show(&self, plans: &[HostRun<Plan>]) {
        if !self.around.common.json {
            return self.around.console.result(&ends::plans(plans));
        }
        let plans = plans.iter().filter_map(|run| match &run.end {
            HostEnd::Finished(plan) => Some(plan),
            HostEnd::NotRun(_) | HostEnd::Stopped(_) => None,
        });
        self.around.write_json(&plans.collect::<Vec<_>>());
    }

    fn contradicts(&self, error: &FleetError) -> Exit {
        self.around.fail(error);
        Exit::Blocked
    }

    const fn ctx(&self) -> &Context {
        self.maestro.context()
    }
}

fn changes_nothing(run: &HostRun<Plan>) -> bool {
    matches!(&run.end, HostEnd::Finished(plan) if leaves_all(plan))
}

fn cannot_tell(run: &HostRun<Plan>) -> bool {
    matches!(&run.end, HostEnd::Finished(plan) if is_blind(plan))
}
