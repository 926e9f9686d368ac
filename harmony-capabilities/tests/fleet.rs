//! A hundred simulated hosts in one run.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use harmony_capabilities::{
    fakes::{Fault, SimulatedHost},
    host::{DirectoryScore, FileCensus, FileScore, Template},
};
use harmony_phases::{
    Context, Maestro, Pipeline, Topology,
    maestro::{Fleet, HostEnd, HostRun, Pace},
    phases,
    pipeline::Finished,
};
use machine::Machine;

#[phases(any = AnyMachine)]
mod machine {
    use harmony_capabilities::{
        fakes::SimulatedHost,
        host::{FileStore, HostFacts},
    };
    use harmony_phases::Topology;

    /// A host kept in memory.
    #[resting]
    pub struct Machine {
        #[grants(FileStore, HostFacts)]
        host: SimulatedHost,
    }

    pub(crate) fn on(name: String, host: &SimulatedHost) -> Topology<Machine> {
        Topology::new(name, Machine { host: host.clone() })
    }
}

type Kept = Pipeline<Topology<Machine>, Topology<Machine>>;

fn pipeline(host: &Topology<Machine>) -> Kept {
    let hello = Template::new("this is {{ host }}\n").variable("host", host.name());
    Pipeline::start()
        .run(DirectoryScore::builder().path("/etc/fleet").mode("0755").build().unwrap())
        .run(FileScore::builder().path("/etc/fleet/hello").template(hello).build().unwrap())
        .run(FileScore::builder().path("/etc/motd").text("kept\n").build().unwrap())
        .census(FileCensus)
}

struct Hundred {
    hosts: Vec<SimulatedHost>,
    maestro: Maestro,
}

impl Hundred {
    fn new() -> Self {
        let hosts = (0..100).map(|_| SimulatedHost::new()).collect();
        Self { hosts, maestro: Maestro::new(Context::for_site("lab".parse().unwrap())) }
    }

    fn fleet(&self) -> Fleet<Topology<Machine>, Topology<Machine>> {
        let hosts = self.hosts.iter().enumerate();
        Fleet::each(hosts.map(|(number, host)| machine::on(format!("h{number}"), host)), pipeline)
    }

    async fn execute(&self, pace: Pace) -> Vec<HostRun<Finished<Topology<Machine>>>> {
        self.maestro.execute_fleet(self.fleet().pace(pace)).await.unwrap()
    }

    fn changes(&self) -> Vec<usize> {
        self.hosts.iter().map(|host| host.history().len()).collect()
    }
}

#[tokio::test]
async fn all_are_brought_about_and_left_alone_from_then_on() {
    let hundred = Hundred::new();
    let plans = hundred.maestro.plan_fleet(hundred.fleet()).await.unwrap();
    assert_eq!(plans.len(), 100);
    assert_eq!(hundred.changes(), [0; 100], "a plan changes nothing");
    let runs = hundred.execute(Pace::default()).await;
    assert!(runs.iter().all(|run| matches!(&run.end, HostEnd::Finished(end) if end.changed())));
    let (after, trips): (_, Vec<_>) =
        (hundred.changes(), hundred.hosts.iter().map(SimulatedHost::round_trips).collect());
    let runs = hundred.execute(Pace::default()).await;
    assert!(runs.iter().all(|run| matches!(&run.end, HostEnd::Finished(end) if !end.changed())));
    assert_eq!(hundred.changes(), after, "nothing was done twice");
    let looks = hundred.hosts.iter().zip(trips).map(|(host, before)| host.round_trips() - before);
    assert!(looks.clone().all(|looks| looks == 1), "{:?}", looks.collect::<Vec<_>>());
}

#[tokio::test]
async fn those_that_fail_are_told_and_the_next_run_completes_them() {
    let hundred = Hundred::new();
    for broken in (7..100).step_by(10) {
        hundred.hosts[broken].faults().at_effect(1, Fault::FailBefore);
    }
    let careful = Pace::default().side_by_side(4).serial(20).max_failures(3);
    let runs = hundred.execute(careful).await;
    let count = |kind: fn(&HostEnd<_>) -> bool| runs.iter().filter(|run| kind(&run.end)).count();
    let stopped = count(|end| matches!(end, HostEnd::Stopped(_)));
    let not_run = count(|end| matches!(end, HostEnd::NotRun(_)));
    assert_eq!(stopped, 3);
    assert!((60..=72).contains(&not_run), "the fourth batch was never begun: {not_run}");
    let untouched = hundred.changes().iter().filter(|changes| **changes == 0).count();
    assert!(untouched >= not_run);

    hundred.hosts.iter().for_each(|host| host.faults().clear());
    let runs = hundred.execute(careful).await;
    assert!(runs.iter().all(|run| matches!(run.end, HostEnd::Finished(_))));
    let first = hundred.hosts[0].contents().files.len();
    assert!(hundred.hosts.iter().all(|host| host.contents().files.len() == first));
}

#[tokio::test]
async fn a_teardown_of_all_leaves_them_as_they_were() {
    let hundred = Hundred::new();
    let before = hundred.hosts[0].contents().files.len();
    let _ = hundred.execute(Pace::default()).await;
    let down = hundred.maestro.teardown_fleet(hundred.fleet()).await.unwrap();
    assert!(down.iter().all(|run| matches!(run.end, HostEnd::Finished(_))));
    assert!(hundred.hosts.iter().all(|host| host.contents().files.len() == before));
}
