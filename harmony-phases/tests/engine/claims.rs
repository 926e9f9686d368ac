//! Claims over a whole pipeline.

use harmony_phases::{Claim, Pipeline, Protocol, Topology, pipeline::Cause};

use crate::world::{ConfigureNetwork, Host, World, context, host, thing};

#[tokio::test]
async fn a_conflict_stops_before_anything_runs() {
    let (world, ctx) = (World::new(), context());
    let https = || vec![Claim::port(Protocol::Tcp, 443)];
    let (mut gui, mut haproxy) = (thing("gui"), thing("haproxy"));
    (gui.claims, haproxy.claims) = (https(), https());
    let pipeline =
        Pipeline::start().run(gui.clone()).advance(ConfigureNetwork).run(haproxy.clone());
    let stopped = pipeline.execute(&ctx, host(&world)).await.unwrap_err();
    let Cause::Invalid(error) = stopped.cause else { panic!("{:?}", stopped.cause) };
    assert_eq!(
        error.to_string(),
        "`thing gui` and `thing haproxy` both claim tcp port 443 on h1; no step releases it: give one of them another"
    );
    assert!(world.writes().is_empty());
    let mut moved = thing("move gui");
    moved.releases = https();
    let pipeline = Pipeline::<Topology<Host>, _>::start().run(gui).run(moved).run(haproxy);
    let _ = pipeline.execute(&ctx, host(&world)).await.unwrap();
}
