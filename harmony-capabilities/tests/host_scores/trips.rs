//! All looks of a segment go together.

use harmony_phases::{Pipeline, Topology, phases};

use crate::scene::{
    KEY, command, ctx, directory, file, host, key, module, packages, parameter, service, user,
};

#[phases(any = AnyBox)]
pub(crate) mod machine {
    use harmony_capabilities::{
        fakes::SimulatedHost,
        host::{
            AccountStore, CommandExecution, FileStore, HostFacts, KernelModules, PackageManager,
            ServiceManager, Sysctl,
        },
    };
    use harmony_phases::Topology;

    /// A host.
    #[resting]
    pub struct Machine {
        #[grants(
            AccountStore,
            CommandExecution,
            FileStore,
            HostFacts,
            KernelModules,
            PackageManager,
            ServiceManager,
            Sysctl
        )]
        host: SimulatedHost,
    }

    /// The host as a topology.
    pub(crate) fn on(host: &SimulatedHost) -> Topology<Machine> {
        Topology::new("machine", Machine { host: host.clone() })
    }
}

pub(crate) use machine::{Machine, on};

pub(crate) type Site = Pipeline<Topology<Machine>, Topology<Machine>>;

pub(crate) fn site() -> Site {
    Pipeline::start()
        .run(packages())
        .run(directory())
        .run(file())
        .run(user())
        .run(key(KEY))
        .run(module())
        .run(parameter())
        .run(service())
        .run(command())
}

#[tokio::test]
async fn a_pass_with_nothing_to_do_is_one_round_trip() {
    let host = host();
    assert!(site().execute(&ctx(), on(&host)).await.unwrap().changed());
    let (before, history) = (host.round_trips(), host.history());
    assert!(!site().execute(&ctx(), on(&host)).await.unwrap().changed());
    assert_eq!(host.round_trips() - before, 1, "nine scores, one question each or more");
    assert_eq!(host.history(), history);
}

#[tokio::test]
async fn a_site_is_taken_down_in_reverse() {
    let host = host();
    let _ = site().execute(&ctx(), on(&host)).await.unwrap();
    let before = host.history().len();
    let _ = site().teardown(&ctx(), on(&host)).await.unwrap();
    let history = host.history();
    let undone: Vec<_> = history[before..].iter().map(|it| it.action.as_str()).collect();
    assert_eq!(
        undone,
        [
            "stop service",
            "disable service",
            "unset parameter",
            "forget module",
            "revoke key",
            "remove user",
            "remove",
            "remove",
            "change packages",
        ]
    );
}

/// What a hundred hosts weigh is in `cargo xtask bench hosts`; that they are apart is seen here.
#[tokio::test]
async fn many_hosts_are_apart() {
    let hosts: Vec<_> = (0..100).map(|_| host()).collect();
    let _ = site().execute(&ctx(), on(&hosts[7])).await.unwrap();
    let changed = hosts.iter().filter(|host| !host.history().is_empty()).count();
    assert_eq!(changed, 1);
}
