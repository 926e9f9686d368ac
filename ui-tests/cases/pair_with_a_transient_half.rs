//! E0277: a pipeline cannot rest at `FailoverTopology<Topology<Bootstrapping>, Topology<NetworkReady>>`
//! At most 20 lines.
//!
//! Why: A pair rests where both halves do. One half in a transient phase is enough to make a
//! restart find nothing to stand on.
//!
//! Fix: Take that half through the transient phase in one step: `advance(Primary(through(..)))`.
use harmony_phases::{FailoverTopology, Pipeline, Topology, higher_order::Primary, through};
use ui_tests::sample::{FormCluster, StartBootstrapNode, site::NetworkReady};

fn main() {
    let pair = Pipeline::<FailoverTopology<Topology<NetworkReady>>, _>::start();
    let cluster = through(StartBootstrapNode, |inside| inside, FormCluster);
    //~ good: let _ = pair.advance(Primary(cluster));
    let _ = (pair.advance(Primary(StartBootstrapNode)), cluster);
}
