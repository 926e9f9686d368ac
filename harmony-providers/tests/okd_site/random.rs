//! Random pipelines under random faults.

use harmony_capabilities::fakes::{Fault, SimulatedSite};
use harmony_phases::{Context, Pipeline, Score, Topology, transition::through};
use harmony_providers::okd_site::{
    ClusterReady, FormCluster, NetworkReady, PrepareNetwork, StartBootstrapNode,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::support::{
    End, Start, arrives, config, ctx, execute, frontend, menu, namespace, nothing_twice, plan,
    record, reservation, torture,
};

type NetworkScore = Box<dyn Score<Topology<NetworkReady>>>;
type ClusterScore = Box<dyn Score<Topology<ClusterReady>>>;

fn on_the_network(which: usize) -> NetworkScore {
    match which {
        0 => Box::new(reservation("cp-0", 10)),
        1 => Box::new(reservation("cp-1", 11)),
        2 => Box::new(record("api.okd.example")),
        3 => Box::new(record("*.apps.okd.example")),
        4 => Box::new(menu()),
        5 => Box::new(frontend("api", 6443)),
        _ => Box::new(frontend("ingress", 443)),
    }
}

fn on_the_cluster(which: usize) -> ClusterScore {
    match which {
        0 => Box::new(record("console.okd.example")),
        1 => Box::new(namespace("shop")),
        2 => Box::new(namespace("bank")),
        _ => Box::new(config("default", "motd")),
    }
}

/// Some scores on the network, in any order, side by side or not; then the cluster, with some on it.
fn any_pipeline() -> impl Strategy<Value = (Vec<usize>, bool, Vec<usize>)> {
    let network = proptest::sample::subsequence((0..7).collect::<Vec<_>>(), 0..=7).prop_shuffle();
    let cluster = proptest::sample::subsequence((0..4).collect::<Vec<_>>(), 0..=4).prop_shuffle();
    (network, any::<bool>(), cluster)
}

fn build(network: &[usize], together: bool, cluster: &[usize]) -> Pipeline<Start, End> {
    let plan = plan();
    let mut first = Pipeline::start().advance(PrepareNetwork).run(reservation("bootstrap", 9));
    let scores = network.iter().map(|which| on_the_network(*which));
    if together {
        first = first.run_all(scores);
    } else {
        first = scores.fold(first, Pipeline::run);
    }
    let formed = first.advance(through(
        StartBootstrapNode::new(&plan),
        |inside| inside,
        FormCluster::new(&plan),
    ));
    cluster.iter().map(|which| on_the_cluster(*which)).fold(formed, Pipeline::run)
}

/// Which call of which kind goes wrong, in which of the first runs.
fn any_faults() -> impl Strategy<Value = Vec<Vec<(bool, u64, Fault)>>> {
    vec(vec((any::<bool>(), 0..40_u64, select(Fault::ALL.to_vec())), 0..4), 1..4)
}

async fn survives(pipeline: &Pipeline<Start, End>, runs: &[Vec<(bool, u64, Fault)>]) {
    let site = SimulatedSite::new();
    let ctx: Context = ctx();
    for faults in runs {
        let plan = site.faults();
        for &(effect, n, fault) in faults {
            if effect {
                plan.at_effect(plan.effects_seen() + n, fault);
            } else {
                plan.at_read(plan.reads_seen() + n, fault);
            }
        }
        drop(execute(pipeline, &ctx, &site).await);
    }
    arrives(pipeline, &site).await;
    nothing_twice(&site);
}

/// Few for everybody, as many as asked for under torture.
fn cases() -> ProptestConfig {
    let asked = ProptestConfig::default();
    if torture() { asked } else { ProptestConfig { cases: 96, ..asked } }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn after_any_failed_runs_a_clean_one_arrives(
        (network, together, cluster) in any_pipeline(),
        runs in any_faults(),
    ) {
        let pipeline = build(&network, together, &cluster);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(survives(&pipeline, &runs));
    }
}
