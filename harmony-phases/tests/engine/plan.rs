//! What a plan says, and how sure it is.

use std::sync::atomic::Ordering::SeqCst;

use harmony_phases::{Pipeline, Plan, Topology, plan::Certainty};

use crate::{
    execute::site,
    world::{Host, World, context, host, thing},
};

fn lines(plan: &Plan) -> Vec<String> {
    plan.lines.iter().map(|line| line.to_string().trim().to_owned()).collect()
}

#[tokio::test]
async fn a_fresh_system_defers_what_lies_beyond_the_first_transition() {
    let (world, ctx) = (World::new(), context());
    let plan = site().plan(&ctx, host(&world)).await.unwrap();
    assert_eq!(
        lines(&plan),
        [
            "+ ConfigureNetwork: will apply (the network is down) [proven]",
            ". thing a: not looked at [deferred until `ConfigureNetwork`]",
            ". thing b: not looked at [deferred until `ConfigureNetwork`]",
            ". StartBootstrapNode .. FormCluster: not looked at [deferred until `ConfigureNetwork`]",
            ". thing pxe: not looked at [deferred until `ConfigureNetwork`]",
            ". thing c: not looked at [deferred until `ConfigureNetwork`]",
        ]
    );
    assert!(world.writes().is_empty(), "a plan changes nothing");
}

#[tokio::test]
async fn planning_goes_as_deep_as_reality_allows() {
    let (world, ctx) = (World::new(), context());
    world.net.store(true, SeqCst);
    world.things.lock().unwrap().insert("a".to_owned(), 1);
    world.things.lock().unwrap().insert("b".to_owned(), 2);
    let plan = site().plan(&ctx, host(&world)).await.unwrap();
    assert_eq!(
        lines(&plan)[..4],
        [
            "= ConfigureNetwork: reached [proven]",
            "= thing a: nothing to do [proven]",
            "~ thing b: will update [proven]",
            "+ StartBootstrapNode .. FormCluster: will apply (no api server) [inferred]",
        ]
    );
    assert!(!plan.is_noop());
}

#[tokio::test]
async fn a_plan_is_data_and_equal_plans_have_equal_digests() {
    let (world, ctx) = (World::new(), context());
    let one = site().plan(&ctx, host(&world)).await.unwrap();
    let text = serde_json::to_string(&one).unwrap();
    assert_eq!(Plan::from_json(&text).unwrap(), one);
    let later = text.replacen("\"v\":1", "\"v\":2", 1);
    let error = Plan::from_json(&later).unwrap_err();
    assert!(error.to_string().starts_with("it is of version 2, and this Harmony reads up to 1"));
    let again = site().plan(&ctx, host(&world)).await.unwrap();
    assert_eq!(one.digest(), again.digest());
    let _ = site().execute(&ctx, host(&world)).await.unwrap();
    let done = site().plan(&ctx, host(&world)).await.unwrap();
    assert_ne!(one.digest(), done.digest());
    assert!(done.is_noop());
    assert!(done.lines.iter().all(|line| line.certainty == Certainty::Proven));
    assert!(done.to_string().ends_with("nothing to do: 5 steps looked at"), "{done}");
}

#[tokio::test]
async fn two_steps_of_one_name_are_refused() {
    let (world, ctx) = (World::new(), context());
    let twice = Pipeline::<Topology<Host>, _>::start().run(thing("a")).run(thing("a"));
    let error = twice.plan(&ctx, host(&world)).await.unwrap_err();
    assert!(error.to_string().starts_with("two steps are called `thing a`"));
}
