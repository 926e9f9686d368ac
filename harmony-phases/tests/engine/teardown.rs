//! Taking down what a pipeline built.

use std::sync::atomic::Ordering::SeqCst;

use harmony_phases::{Pipeline, pipeline::StepResult};

use crate::{
    execute::site,
    world::{
        ConfigureNetwork, FormCluster, StartBootstrapNode, World, context, host, results, thing,
    },
};

#[tokio::test]
async fn it_goes_back_in_reverse() {
    let (world, ctx) = (World::new(), context());
    let _ = site().execute(&ctx, host(&world)).await.unwrap();
    let plan = site().plan_teardown(&ctx, host(&world)).await.unwrap();
    let steps: Vec<_> = plan.lines.iter().map(|line| line.step.as_str()).collect();
    let reverse =
        ["thing c", "StartBootstrapNode .. FormCluster", "thing b", "thing a", "ConfigureNetwork"];
    assert_eq!(steps, reverse);
    let end = site().teardown(&ctx, host(&world)).await.unwrap();
    let did: Vec<_> = end.completed.iter().map(|record| record.step.as_str()).collect();
    assert_eq!(did, reverse);
    assert!(end.completed.iter().all(|record| record.result == StepResult::Undone));
    assert!(end.topology.is_some() && !world.net.load(SeqCst) && !world.cluster.load(SeqCst));
}

#[tokio::test]
async fn a_partly_reached_system_is_taken_down_from_where_it_is() {
    let (world, ctx) = (World::new(), context());
    let half = Pipeline::start().advance(ConfigureNetwork).run(thing("a"));
    let _ = half.execute(&ctx, host(&world)).await.unwrap();
    let end = site().teardown(&ctx, host(&world)).await.unwrap();
    assert_eq!(
        results(&end.completed),
        [
            "StartBootstrapNode .. FormCluster: was never reached",
            "thing b: nothing to do",
            "thing a: undone",
            "ConfigureNetwork: undone",
        ]
    );
    let again = site().teardown(&ctx, host(&world)).await.unwrap();
    assert!(!again.completed.iter().any(harmony_phases::pipeline::StepRecord::changed));
}

#[tokio::test]
async fn what_stays_ends_it() {
    let (world, ctx) = (World::new(), context());
    let one_way = || {
        Pipeline::start()
            .advance(ConfigureNetwork)
            .run(thing("a"))
            .through(StartBootstrapNode, |inside| inside, FormCluster)
            .run(thing("c"))
    };
    let _ = one_way().execute(&ctx, host(&world)).await.unwrap();
    let plan = one_way().plan_teardown(&ctx, host(&world)).await.unwrap();
    let lines: Vec<_> = plan.lines.iter().map(|l| format!("{}: {}", l.step, l.verdict)).collect();
    let stays = "StartBootstrapNode .. FormCluster: stays: it has no way back";
    assert_eq!(lines, ["thing c: will delete", stays]);
    let end = one_way().teardown(&ctx, host(&world)).await.unwrap();
    assert_eq!(end.stays.unwrap().0.as_str(), "StartBootstrapNode .. FormCluster");
    assert!(end.topology.is_none() && world.net.load(SeqCst));
    assert_eq!(world.names(), ["a"]);
}
