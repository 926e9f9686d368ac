//! E0382: `Topology::<P>::advance` takes ownership of the receiver `self`, which moves `host`
//! At most 20 lines.
//!
//! Why: A transition takes the topology and hands back another one. The phase it was in is over, so
//! nothing can be done in that phase any more.
//!
//! Fix: Go on with what the transition returned. If it refused, the error holds the topology,
//! untouched.
use harmony_phases::{Context, Topology};
use ui_tests::sample::{ConfigureNetwork, site::LinuxHost};

pub async fn run(ctx: &Context, host: Topology<LinuxHost>) {
    let network = host.advance(ctx, ConfigureNetwork).await;
    //~ good: let _ = network.map(|network| network.name().to_owned());
    let _ = (network, host.name());
}

fn main() {}
