//! E0277: `Topology<NetworkReady>` does not offer the `K8sClient` capability
//! At most 20 lines.
//!
//! Why: A score runs in the phase that the steps before it have reached, and that phase does not
//! own what the score needs. Without the check the run would find out in hour two.
//!
//! Fix: Put the transition that leads to a phase granting the capability before the score, or
//! choose a score that this phase can serve. The table in the documentation of the phase module
//! says which phase grants what.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::LinuxHost};

fn main() {
    let _ = Pipeline::<Topology<LinuxHost>, _>::start()
        .advance(sample::ConfigureNetwork)
        //~ good: .run(sample::DhcpScore { mac: "52:54:00:00:00:01" });
        .run(sample::HelmScore { chart: "ceph" });
}
