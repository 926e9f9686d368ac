//! E0599: no method named `clone` found for struct `Topology<P>`
//!
//! Why: Two values of one system could be in two phases at once, and one of them would be a lie.
//!
//! Fix: Pass the topology on, or lend it: every capability works through `&Topology<P>` and
//! `Arc<Topology<P>>`.
use harmony_phases::Topology;
use ui_tests::sample::site::LinuxHost;

pub fn hosts(host: Topology<LinuxHost>) -> Vec<Topology<LinuxHost>> {
    //~ good: vec![host]
    vec![host.clone()]
}

fn main() {}
