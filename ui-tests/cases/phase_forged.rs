//! E0451: field `appliance` of struct `Installed` is private
//!
//! Why: A phase is evidence: only the code beside it can build one, after looking at the system or
//! acting on it. A phase that anyone can write proves nothing.
//!
//! Fix: Start from the `#[start]` phase and let a transition earn the rest. In tests use the
//! simulated providers; there is no way to force a phase.
use harmony_phases::Topology;
use ui_tests::sample::{
    Simulated,
    appliance::{Boxed, Installed},
};

fn main() {
    let _ = (Simulated::default(), Topology::new("box", Boxed));
    //~ good: let _ = Topology::<Installed>::name;
    let _ = Topology::new("box", Installed { appliance: Simulated::default() });
}
