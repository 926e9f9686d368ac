//! Executing, and executing again.

use std::sync::atomic::Ordering::SeqCst;

use harmony_phases::{Pipeline, Topology, Transition, pipeline::Cause, through};

use crate::world::{
    ClusterReady, ConfigureNetwork, DestroyCluster, FormCluster, Host, NetworkReady,
    StartBootstrapNode, World, context, host, results, thing,
};

pub(crate) fn site() -> Pipeline<Topology<Host>, Topology<ClusterReady>> {
    let cluster = through(StartBootstrapNode, |inside| inside.run(thing("pxe")), FormCluster);
    Pipeline::start()
        .advance(ConfigureNetwork)
        .run(thing("a"))
        .run(thing("b"))
        .advance(cluster.reverted_by(DestroyCluster))
        .run(thing("c"))
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_so() {
    let (world, ctx) = (World::new(), context());
    let first = site().execute(&ctx, host(&world)).await.unwrap();
    assert!(first.changed());
    assert_eq!(
        results(&first.completed),
        [
            "ConfigureNetwork: applied",
            "thing a: done",
            "thing b: done",
            "thing pxe: done",
            "StartBootstrapNode .. FormCluster: applied",
            "thing c: done",
        ]
    );
    let before = world.writes();
    let second = site().execute(&ctx, host(&world)).await.unwrap();
    assert!(!second.changed());
    assert_eq!(
        results(&second.completed),
        [
            "ConfigureNetwork: reached already",
            "thing a: nothing to do",
            "thing b: nothing to do",
            "StartBootstrapNode .. FormCluster: reached already",
            "thing c: nothing to do",
        ]
    );
    assert_eq!(world.writes(), before, "no effect happened twice");
}

#[tokio::test]
async fn a_failed_score_stops_with_what_was_done_and_the_next_run_goes_on() {
    let (world, ctx) = (World::new(), context());
    let broken = || {
        let mut bad = thing("bad");
        bad.fails = true;
        Pipeline::start().advance(ConfigureNetwork).run(thing("a")).run(bad).run(thing("z"))
    };
    let stopped = broken().execute(&ctx, host(&world)).await.unwrap_err();
    assert_eq!(stopped.at.as_str(), "thing bad");
    assert!(matches!(&stopped.cause, Cause::Failed(e) if e.to_string() == "failed to make bad"));
    assert_eq!(results(&stopped.completed), ["ConfigureNetwork: applied", "thing a: done"]);
    let mended = Pipeline::start().advance(ConfigureNetwork).run(thing("a")).run(thing("bad"));
    let end = mended.execute(&ctx, host(&world)).await.unwrap();
    assert_eq!(end.completed.iter().filter(|r| r.changed()).count(), 1);
}

#[tokio::test]
async fn a_refusal_says_that_nothing_was_touched() {
    let (world, ctx) = (World::new(), context());
    world.broken.store(true, SeqCst);
    let stopped = site().execute(&ctx, host(&world)).await.unwrap_err();
    assert!(matches!(stopped.cause, Cause::Refused(_)), "{stopped:?}");
    assert!(stopped.completed.is_empty() && world.writes().is_empty());
}

#[tokio::test]
async fn a_failure_inside_a_transient_phase_names_the_inner_step() {
    let (world, ctx) = (World::new(), context());
    let mut bad = thing("pxe");
    bad.fails = true;
    let pipeline = Pipeline::start().advance(ConfigureNetwork).through(
        StartBootstrapNode,
        |inside| inside.run(thing("dns")).run(bad),
        FormCluster,
    );
    let stopped = pipeline.execute(&ctx, host(&world)).await.unwrap_err();
    assert_eq!(stopped.at.as_str(), "thing pxe");
    assert_eq!(results(&stopped.completed), ["ConfigureNetwork: applied", "thing dns: done"]);
    let end = site().execute(&ctx, host(&world)).await.unwrap();
    assert_eq!(world.writes().iter().filter(|w| *w == "StartBootstrapNode").count(), 1);
    assert!(end.changed());
}

#[tokio::test]
async fn then_joins_the_segments_on_both_sides() {
    let (world, ctx) = (World::new(), context());
    let first: Pipeline<Topology<Host>, Topology<NetworkReady>> =
        Pipeline::start().advance(ConfigureNetwork).run(thing("a"));
    let second = Pipeline::start().run(thing("b")).run_all([thing("c"), thing("d")]);
    let third = Pipeline::start()
        .run(thing("e"))
        .through(StartBootstrapNode, |inside| inside, FormCluster)
        .run(thing("f"));
    let all = first.then(second).then(third);
    let _ = all.execute(&ctx, host(&world)).await.unwrap();
    let mut writes = world.writes();
    writes[3..5].sort(); // side by side
    let order = "ConfigureNetwork a b c d e StartBootstrapNode FormCluster f";
    assert_eq!(writes.join(" "), order);
}

#[tokio::test]
async fn a_condition_skips_and_still_undoes() {
    let (world, ctx) = (World::new(), context());
    let with = |wanted: bool| {
        Pipeline::<Topology<Host>, _>::start().run_if(move |_| wanted, thing("maybe"))
    };
    let _ = with(false).execute(&ctx, host(&world)).await.unwrap();
    assert!(world.names().is_empty());
    let _ = with(true).execute(&ctx, host(&world)).await.unwrap();
    assert_eq!(world.names(), ["maybe"]);
    let _ = with(false).teardown(&ctx, host(&world)).await.unwrap();
    assert!(world.names().is_empty(), "it held on the day it ran");
}

#[tokio::test]
async fn a_hundred_thousand_scores_fit_a_test_threads_stack() {
    let (world, ctx) = (World::new(), context());
    let names = (0..100_000).map(|n| thing(&n.to_string()));
    let pipeline = names.fold(Pipeline::<Topology<Host>, _>::start(), Pipeline::run);
    world.things.lock().unwrap().extend((0..100_000).map(|n| (n.to_string(), 1)));
    let end = pipeline.execute(&ctx, host(&world)).await.unwrap();
    assert!(end.completed.len() == 100_000 && !end.changed());
    let end = pipeline.teardown(&ctx, host(&world)).await.unwrap();
    assert_eq!(end.completed.len(), 100_000);
    assert!(world.names().is_empty());
}
