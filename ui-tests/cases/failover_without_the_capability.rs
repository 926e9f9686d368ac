//! E0277: the primary of this pair, `Topology<NetworkReady>`, does not offer the `K8sClient` capability
//! At most 20 lines.
//!
//! Why: A pair offers what its halves offer, and no more.
//!
//! Fix: Advance the half that is named to a phase that grants the capability.
use harmony_phases::{FailoverTopology, Pipeline, Topology};
use ui_tests::sample::{self, site::NetworkReady};

fn main() {
    let _ = Pipeline::<FailoverTopology<Topology<NetworkReady>>, _>::start()
        //~ good: .run(sample::DhcpScore { mac: "52:54:00:00:00:01" });
        .run(sample::HelmScore { chart: "ceph" });
}
