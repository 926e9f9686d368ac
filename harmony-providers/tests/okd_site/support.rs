//! A small site, and what is true of it whatever happened on the way.

use std::{collections::HashMap, time::Duration};

use harmony_capabilities::{
    fakes::{Fault, FaultPlan, Happening, SimulatedSite},
    kubernetes::{K8sResourceScore, Manifest},
    network::{
        Backend, DhcpScore, DnsRecord, DnsScore, Frontend, HealthyServerScore, LoadBalancerScore,
        Reservation, Server, TftpFile, TftpScore,
    },
};
use harmony_phases::{
    Context, Maestro, Pipeline, Stopped, Topology, Transition, pipeline::Finished,
    transition::through,
};
use harmony_providers::okd_site::{
    ClusterPlan, ClusterReady, Declared, DestroyCluster, FormCluster, Machine, PrepareNetwork,
    StartBootstrapNode,
};
use harmony_types::MacAddress;
use serde_json::json;

pub(crate) type Start = Topology<Declared>;
pub(crate) type End = Topology<ClusterReady>;

/// How many kinds of fault there are.
pub(crate) const FAULTS: u64 = Fault::ALL.len() as u64;

/// Whether `cargo xtask torture` asks for every cut point.
pub(crate) fn torture() -> bool {
    std::env::var_os("HARMONY_TORTURE").is_some()
}

pub(crate) fn ctx() -> Context {
    Context::for_site("lab".parse().unwrap())
}

pub(crate) fn start(site: &SimulatedSite) -> Start {
    Topology::new("rehearsal", Declared { site: site.clone() })
}

pub(crate) fn machine(name: &str, last: u8) -> Machine {
    Machine::new(name.parse().unwrap(), MacAddress::qemu([0, 0, last]))
}

pub(crate) fn plan() -> ClusterPlan {
    let control_plane = [machine("cp-0", 10), machine("cp-1", 11)];
    ClusterPlan::new(machine("bootstrap", 9), control_plane).unwrap()
}

pub(crate) fn reservation(name: &str, last: u8) -> DhcpScore {
    let reserved = Reservation::new(MacAddress::qemu([0, 0, last]), [192, 168, 100, last]).unwrap();
    DhcpScore::new(reserved.hostname(name.parse().unwrap()))
}

pub(crate) fn record(name: &str) -> DnsScore {
    DnsScore::new(DnsRecord::address(name.parse().unwrap(), [192, 168, 100, 5]).unwrap())
}

pub(crate) fn menu() -> TftpScore {
    TftpScore::new(TftpFile::text("pxelinux.cfg/default".parse().unwrap(), "default install\n"))
}

pub(crate) fn frontend(name: &str, port: u16) -> LoadBalancerScore {
    let port = port.try_into().unwrap();
    let server =
        |n: u8| Server::new(format!("cp-{n}").parse().unwrap(), [192, 168, 100, 10 + n], port);
    let backend = Backend::new([server(0), server(1)]).unwrap();
    let vip = [192, 168, 100, 5];
    LoadBalancerScore::new(Frontend::new(name.parse().unwrap(), vip, port, backend).unwrap())
}

/// What serves machines that boot: first the bootstrap machine, then the control plane.
pub(crate) fn machine_config() -> LoadBalancerScore {
    let port = 22623.try_into().unwrap();
    let server = |name: &str, last| Server::new(name.parse().unwrap(), [192, 168, 100, last], port);
    let backend = Backend::new([server("bootstrap", 9), server("cp-0", 10), server("cp-1", 11)]);
    let (name, vip) = ("machine-config".parse().unwrap(), [192, 168, 100, 5]);
    LoadBalancerScore::new(Frontend::new(name, vip, port, backend.unwrap()).unwrap())
}

pub(crate) fn serves(frontend: &str, server: &str) -> HealthyServerScore {
    HealthyServerScore::new(frontend.parse().unwrap(), server.parse().unwrap())
}

pub(crate) fn namespace(name: &str) -> K8sResourceScore {
    let fields = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
    K8sResourceScore::new(Manifest::new(fields).unwrap())
}

pub(crate) fn config(namespace: &str, name: &str) -> K8sResourceScore {
    K8sResourceScore::new(
        Manifest::new(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": name, "namespace": namespace },
            "data": { "greeting": "hello" },
        }))
        .unwrap(),
    )
}

/// The whole way: network, services, cluster, objects.
pub(crate) fn pipeline() -> Pipeline<Start, End> {
    let plan = plan();
    Pipeline::start()
        .advance(PrepareNetwork)
        .run_all([reservation("bootstrap", 9), reservation("cp-0", 10), reservation("cp-1", 11)])
        .run(record("api.okd.example"))
        .run(menu())
        .run(frontend("api", 6443))
        .run(machine_config())
        .advance(
            through(
                StartBootstrapNode::new(&plan),
                |inside| inside.run(serves("machine-config", "bootstrap")),
                FormCluster::new(&plan),
            )
            .reverted_by(DestroyCluster::new(&plan)),
        )
        .run(namespace("shop"))
        .run(config("shop", "motd"))
}

/// One run, given up where it hangs, as a process that is killed.
pub(crate) async fn execute(
    pipeline: &Pipeline<Start, End>,
    ctx: &Context,
    site: &SimulatedSite,
) -> Option<Result<Finished<End>, Stopped>> {
    let run = pipeline.execute(ctx, start(site));
    tokio::time::timeout(Duration::from_hours(5), run).await.ok()
}

/// A clean run arrives; the one after it does nothing.
pub(crate) async fn arrives(pipeline: &Pipeline<Start, End>, site: &SimulatedSite) {
    site.faults().clear();
    let maestro = Maestro::new(ctx());
    let finished = maestro.execute(pipeline, start(site)).await;
    drop(finished.unwrap_or_else(|stopped| panic!("a clean run stopped: {stopped:?}")));
    let (effects, happened) = (site.faults().effects_seen(), site.history().len());
    let again = maestro.execute(pipeline, start(site)).await.unwrap();
    assert!(!again.changed(), "{:?}", again.completed);
    assert_eq!(site.faults().effects_seen(), effects, "a finished system is not touched");
    assert_eq!(site.history().len(), happened);
    assert!(maestro.plan(pipeline, start(site)).await.unwrap().is_noop());
}

/// Nothing was made, switched on or removed twice.
pub(crate) fn nothing_twice(site: &SimulatedSite) {
    let mut seen: HashMap<Happening, usize> = HashMap::new();
    for happening in site.history() {
        *seen.entry(happening).or_default() += 1;
    }
    seen.retain(|_, times| *times > 1);
    assert!(seen.is_empty(), "twice: {seen:?}\nfaults: {:?}", site.faults().struck());
}

/// How many effects and reads an undisturbed run makes.
pub(crate) async fn calls() -> (u64, u64) {
    let site = SimulatedSite::new();
    drop(pipeline().execute(&ctx(), start(&site)).await.unwrap());
    let faults: &FaultPlan = site.faults();
    (faults.effects_seen(), faults.reads_seen())
}

/// What the services have at the end, in an order of their own.
pub(crate) fn end_state(site: &SimulatedSite) -> Vec<String> {
    let services = site.services();
    let mut all: Vec<String> = services
        .reservations
        .iter()
        .map(|kept| format!("{kept:?}"))
        .chain(services.records.iter().map(|kept| format!("{kept:?}")))
        .chain(services.files.iter().map(|kept| format!("{kept:?}")))
        .chain(services.frontends.iter().map(|kept| format!("{kept:?}")))
        .collect();
    all.sort();
    all
}
