//! error: a matrix needs `rows:`, the topologies it is about
//!
//! Why: A matrix crosses rows with columns.
//!
//! Fix: List the topologies: `rows: Topology<LinuxHost>, Topology<NetworkReady>;`.
use harmony_phases::{Topology, phase_matrix};
use ui_tests::sample::{roles::DnsServer, site::LinuxHost};

pub type Host = Topology<LinuxHost>;
pub type Role = dyn DnsServer;

fn main() {
    //~ good: let _ = phase_matrix! { rows: Host; capabilities: DnsServer; };
    let _ = phase_matrix! { capabilities: DnsServer; };
}
