//! Without any pipeline.

use std::sync::atomic::Ordering::SeqCst;

use harmony_phases::{Maestro, Score, Topology, TransitionError, score::ScoreRecord};

use crate::world::{ConfigureNetwork, NetworkReady, World, context, host, thing};

#[tokio::test]
async fn a_topology_advances_by_hand_and_a_refusal_gives_it_back() {
    let (world, ctx) = (World::new(), context());
    world.broken.store(true, SeqCst);
    let refused = host(&world).advance(&ctx, ConfigureNetwork).await.unwrap_err();
    let TransitionError::Refused { topology, .. } = refused else { panic!("{refused:?}") };
    world.broken.store(false, SeqCst);
    let site: Topology<NetworkReady> = topology.advance(&ctx, ConfigureNetwork).await.unwrap();
    assert_eq!(site.name(), "h1");
    assert_eq!(world.writes(), ["ConfigureNetwork"]);
    let _ = host(&world).advance(&ctx, ConfigureNetwork).await.unwrap();
    assert_eq!(world.writes(), ["ConfigureNetwork"], "observed, not applied again");
}

#[tokio::test]
async fn registered_scores_run_by_name() {
    let (world, maestro) = (World::new(), Maestro::new(context()));
    let repertoire = maestro.on(host(&world)).register(thing("a")).register(thing("b"));
    let record = repertoire.perform("thing b").await.unwrap();
    assert!(record.changed());
    assert!(!repertoire.perform("thing b").await.unwrap().changed());
    assert_eq!(world.names(), ["b"]);
    let error = repertoire.perform("thing z").await.unwrap_err();
    assert!(error.to_string().ends_with("registered are: thing a, thing b"), "{error}");
    assert_eq!(repertoire.records().len(), 2);
}

#[test]
fn equal_scores_have_equal_digests() {
    let record = |value| {
        let mut score = thing("a");
        score.value = value;
        ScoreRecord::of::<Topology<NetworkReady>>(&score as &dyn Score<_>)
    };
    assert_eq!(record(1), record(1));
    assert_ne!(record(1).digest, record(2).digest);
}
