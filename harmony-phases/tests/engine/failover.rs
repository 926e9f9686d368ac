//! Pairs of topologies.

use std::{error::Error, sync::atomic::Ordering::SeqCst};

use harmony_phases::{
    FailoverTopology, Pipeline, Topology, higher_order::Primary, higher_order::Replica,
    pipeline::Cause,
};

use crate::world::{ConfigureNetwork, Host, NetworkReady, World, context, host, results};

type Half = FailoverTopology<Topology<NetworkReady>, Topology<Host>>;

#[tokio::test]
async fn a_pair_advances_half_by_half_and_goes_back() {
    let (a, b, ctx) = (World::new(), World::new(), context());
    let half: Pipeline<FailoverTopology<Topology<Host>>, Half> =
        Pipeline::start().advance(Primary(ConfigureNetwork));
    let whole: Pipeline<_, FailoverTopology<Topology<NetworkReady>>> =
        half.advance(Replica(ConfigureNetwork));
    let pair = || FailoverTopology::new(host(&a), host(&b));
    let end = whole.execute(&ctx, pair()).await.unwrap();
    assert_eq!(
        results(&end.completed),
        ["primary: ConfigureNetwork: applied", "replica: ConfigureNetwork: applied"]
    );
    let end = whole.teardown(&ctx, pair()).await.unwrap();
    assert!(end.topology.is_some() && !a.net.load(SeqCst) && !b.net.load(SeqCst));
}

#[tokio::test]
async fn advance_both_goes_on_with_the_half_that_lags() {
    let (a, b, ctx) = (World::new(), World::new(), context());
    let both =
        || Pipeline::<FailoverTopology<Topology<Host>>, _>::start().advance_both(ConfigureNetwork);
    let pair = || FailoverTopology::new(host(&a), host(&b));
    b.broken.store(true, SeqCst);
    let stopped = both().execute(&ctx, pair()).await.unwrap_err();
    assert_eq!(stopped.at.as_str(), "replica: ConfigureNetwork");
    b.broken.store(false, SeqCst);
    let end = both().execute(&ctx, pair()).await.unwrap();
    assert_eq!(
        results(&end.completed),
        ["primary: ConfigureNetwork: reached already", "replica: ConfigureNetwork: applied"]
    );
}

#[tokio::test]
async fn an_interrupted_half_says_that_both_must_be_observed_again() {
    let (a, b, ctx) = (World::new(), World::new(), context());
    ctx.cancel();
    let pair = FailoverTopology::new(host(&a), host(&b));
    let error = pair.advance(&ctx, Primary(ConfigureNetwork)).await.unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("the healthy half must be observed again too"), "{cause}");
    let both =
        Pipeline::<FailoverTopology<Topology<Host>>, _>::start().advance_both(ConfigureNetwork);
    let stopped = both.execute(&ctx, FailoverTopology::new(host(&a), host(&b))).await;
    assert!(matches!(stopped.unwrap_err().cause, Cause::Cancelled));
}
