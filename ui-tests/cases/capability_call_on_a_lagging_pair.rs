//! E0599: the primary of this pair, `Topology<LinuxHost>`, does not offer the `DhcpServer` capability
//! At most 20 lines.
//!
//! Why: A pair offers what its halves offer, also to code that holds it and calls a method.
//!
//! Fix: Advance the half that is named before the call.
use harmony_phases::{FailoverTopology, Topology};
use ui_tests::sample::{
    roles::DhcpServer,
    site::{LinuxHost, NetworkReady},
};

//~ good: pub async fn address(pair: FailoverTopology<Topology<NetworkReady>, Topology<LinuxHost>>) {
pub async fn address(pair: FailoverTopology<Topology<LinuxHost>, Topology<NetworkReady>>) {
    let _ = pair.lease("52:54:00:00:00:01").await;
}

fn main() {}
