//! error: `capabilities` lists nothing: a table without cells proves nothing
//!
//! Why: A test with an empty table would pass for ever.
//!
//! Fix: List the columns, or drop the list.
use harmony_phases::{Topology, phase_matrix};
use ui_tests::sample::{roles::DnsServer, site::LinuxHost};

pub type Host = Topology<LinuxHost>;
pub type Role = dyn DnsServer;

fn main() {
    //~ good: let _ = phase_matrix! { rows: Host; capabilities: DnsServer; };
    let _ = phase_matrix! { rows: Host; capabilities: ; };
}
