//! E0308: expected `Pipeline<Topology<ClusterReady>, _>`, found `Pipeline<Topology<LinuxHost>, ...>`
//! At most 20 lines.
//!
//! Why: `then` goes on where the first pipeline ends, and the second one starts somewhere else.
//!
//! Fix: Compose them the other way round, or put the pipeline between them that is missing.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{
    ConfigureNetwork, FormCluster, StartBootstrapNode,
    site::{LinuxHost, NetworkReady},
};

fn main() {
    let network = Pipeline::<Topology<LinuxHost>, _>::start().advance(ConfigureNetwork);
    let cluster = Pipeline::<Topology<NetworkReady>, _>::start().through(
        StartBootstrapNode,
        |inside| inside,
        FormCluster,
    );
    //~ good: let _ = network.then(cluster);
    let _ = cluster.then(network);
}
