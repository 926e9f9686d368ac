//! E0277: a pipeline cannot rest at `Topology<Bootstrapping>`
//! At most 20 lines.
//!
//! Why: A transient phase goes away by itself: a restart finds no trace of it, so a pipeline that
//! stopped there would begin it again on a finished system.
//!
//! Fix: Enter and leave it in one step with `through`; what has to run while it lasts goes inside.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::NetworkReady};

fn main() {
    let network = Pipeline::<Topology<NetworkReady>, _>::start();
    //~ good: let _ = network.through(sample::StartBootstrapNode, |inside| inside, sample::FormCluster);
    let _ = network.advance(sample::StartBootstrapNode);
}
