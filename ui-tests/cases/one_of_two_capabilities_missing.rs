//! E0277: `Topology<NetworkReady>` does not offer the `K8sClient` capability
//! At most 20 lines.
//!
//! Why: The score needs two capabilities, and this phase grants one of them. The compiler names the
//! one that is missing.
//!
//! Fix: Move the score behind the transition that brings the other capability.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::LinuxHost};

fn main() {
    let _ = Pipeline::<Topology<LinuxHost>, _>::start()
        .advance(sample::ConfigureNetwork)
        //~ good: .run(sample::DnsScore { name: "shop" });
        .run(sample::IngressScore { service: "shop" });
}
