//! E0599: `Topology<LinuxHost>` does not offer the `DhcpServer` capability
//! At most 20 lines.
//!
//! Why: A capability's methods exist on a topology only in the phases that grant it. This host has
//! no network yet, so there is no server to ask.
//!
//! Fix: Advance the topology first, or ask for a topology in a later phase in the signature. On a
//! reference (`&Topology<LinuxHost>`) the compiler says the same in other words: the bound
//! `OffersDhcpServer` is not satisfied.
use harmony_phases::Topology;
use ui_tests::sample::{roles::DhcpServer, site::{LinuxHost, NetworkReady}};

//~ good: pub async fn address(site: Topology<NetworkReady>) {
pub async fn address(site: Topology<LinuxHost>) {
    let _ = site.lease("52:54:00:00:00:01").await;
}

pub fn network(site: Topology<NetworkReady>) -> impl DhcpServer {
    site
}

fn main() {}
