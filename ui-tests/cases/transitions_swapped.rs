//! E0277: transition `ConfigureNetwork` cannot start from `Topology<Declared>`
//! At most 20 lines.
//!
//! Why: The transitions are all there, in an order that the system cannot take: the network of a
//! host cannot be configured before anybody has connected to it.
//!
//! Fix: Put them in the order in which each one ends where the next one starts.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{ConfigureNetwork, Connect, site::Declared};

fn main() {
    let declared = Pipeline::<Topology<Declared>, _>::start();
    //~ good: let _ = declared.advance(Connect).advance(ConfigureNetwork);
    let _ = declared.advance(ConfigureNetwork).advance(Connect);
}
