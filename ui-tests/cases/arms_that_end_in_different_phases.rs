//! E0308: `if` and `else` have incompatible types
//!
//! Why: A conditional transition would leave the phase unknown: the two arms are pipelines of
//! different types.
//!
//! Fix: Make the score conditional with `run_if`, which keeps the type; for a conditional
//! transition match on the `Any…` enum, or write two pipelines that end in the same phase.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{ConfigureNetwork, site::LinuxHost};

pub fn site(online: bool) {
    let host = || Pipeline::<Topology<LinuxHost>, _>::start();
    let network = || host().advance(ConfigureNetwork);
    //~ good: let _ = if online { network() } else { host().advance(ConfigureNetwork) };
    let _ = if online { network() } else { host() };
}

fn main() {}
