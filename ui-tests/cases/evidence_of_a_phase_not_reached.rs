//! E0277: phase `NetworkReady` has not reached `ClusterReady`
//! At most 20 lines.
//!
//! Why: `evidence` hands out what was acquired on reaching an earlier phase. This topology has not
//! been there.
//!
//! Fix: Advance it first, or ask for the evidence of a phase that it carries.
use harmony_phases::Topology;
use ui_tests::sample::site::{ClusterReady, LinuxHost, NetworkReady};

pub fn look(site: &Topology<NetworkReady>) {
    let _ = site.evidence::<LinuxHost>();
    //~ good: let _ = site.evidence::<NetworkReady>();
    let _ = site.evidence::<ClusterReady>();
}

fn main() {}
