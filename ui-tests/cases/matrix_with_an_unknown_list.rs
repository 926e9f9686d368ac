//! error: a matrix has `rows:` once, then any of `capabilities:`, `transitions:` and `reached:`
//!
//! Why: These are the questions that the compiler can be asked about a topology.
//!
//! Fix: Use one of the three names for the list.
use harmony_phases::{Topology, phase_matrix};
use ui_tests::sample::{roles::DnsServer, site::LinuxHost};

pub type Host = Topology<LinuxHost>;
pub type Role = dyn DnsServer;

fn main() {
    //~ good: let _ = phase_matrix! { rows: Host; capabilities: DnsServer; };
    let _ = phase_matrix! { rows: Host; roles: DnsServer; };
}
