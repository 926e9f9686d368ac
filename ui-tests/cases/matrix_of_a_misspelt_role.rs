//! E0405: cannot find trait `DnsServr` in this scope
//!
//! Why: A cell that says no must mean that the compiler refuses, not that nothing has this name.
//! Every row and column has to exist.
//!
//! Fix: Write the name as it is declared, and import it.
use harmony_phases::{Topology, phase_matrix};
use ui_tests::sample::site::LinuxHost;

fn main() {
    //~ good: let _ = phase_matrix! { rows: Topology<LinuxHost>; capabilities: Send; };
    let _ = phase_matrix! { rows: Topology<LinuxHost>; capabilities: DnsServr; };
}
