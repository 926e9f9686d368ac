//! E0308: expected `ClusterReady`, found `NetworkReady`
//! At most 20 lines.
//!
//! Why: The signature says where the pipeline ends, and the steps lead elsewhere. It is the one
//! line in which you state what you want; the compiler holds the steps to it.
//!
//! Fix: Add the transitions that are missing, or state the end that you mean.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::{ClusterReady, LinuxHost}};

pub fn site() -> Pipeline<Topology<LinuxHost>, Topology<ClusterReady>> {
    let network = Pipeline::start().advance(sample::ConfigureNetwork);
    //~ good: network.through(sample::StartBootstrapNode, |inside| inside, sample::FormCluster)
    network
}

fn main() {}
