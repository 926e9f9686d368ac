//! Scores that are built from what a phase has learned.

use harmony_phases::{Claim, Pipeline, Topology, pipeline::Cause};

use crate::world::{ConfigureNetwork, InWorld, NetworkReady, World, context, host, thing};

fn learns(site: &Topology<NetworkReady>) -> crate::world::Thing {
    let mut late = thing("late");
    late.value = u32::try_from(site.world().names().len()).unwrap();
    late
}

#[tokio::test]
async fn it_is_deferred_until_its_phase_is_reached() {
    let (world, ctx) = (World::new(), context());
    let pipeline = || Pipeline::start().advance(ConfigureNetwork).run_with("learned", learns);
    let plan = pipeline().plan(&ctx, host(&world)).await.unwrap();
    assert!(
        plan.to_string().contains("learned: not looked at [deferred until `ConfigureNetwork`]")
    );
    let _ = pipeline().execute(&ctx, host(&world)).await.unwrap();
    assert_eq!(world.things.lock().unwrap()["late"], 0);
}

#[tokio::test]
async fn its_claims_are_checked_before_its_segment_runs() {
    let (world, ctx) = (World::new(), context());
    let mut rival = thing("rival");
    rival.claims = vec![Claim::object("thing", "late")];
    let pipeline =
        Pipeline::start().advance(ConfigureNetwork).run(rival).run_with("learned", learns);
    let plan = pipeline.plan(&ctx, host(&world)).await.unwrap();
    assert_eq!(plan.blocked().count(), 0, "nothing is known of it yet");
    let stopped = pipeline.execute(&ctx, host(&world)).await.unwrap_err();
    assert!(matches!(stopped.cause, Cause::Invalid(_)), "{stopped:?}");
    assert_eq!(stopped.at.as_str(), "learned");
    assert!(world.names().is_empty(), "the whole segment was held back");
    let plan = pipeline.plan(&ctx, host(&world)).await.unwrap();
    let (line, reason) = plan.blocked().next().unwrap();
    assert!(line.step.as_str() == "learned" && reason.contains("both claim thing `late`"));
}
