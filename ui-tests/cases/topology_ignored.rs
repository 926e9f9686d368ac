//! error: a topology that is dropped is a system nobody looks after
//!
//! Why: A topology that is dropped takes its connections and its evidence along; the next step has
//! nothing to stand on.
//!
//! Fix: Go on with it, or bind it to a name that says why nothing more is done.
#![deny(unused_must_use)]
use harmony_phases::Topology;
use ui_tests::sample::appliance::Boxed;

pub fn unpacked() -> Topology<Boxed> {
    Topology::new("box", Boxed)
}

fn main() {
    //~ good: let _left_closed = unpacked();
    unpacked();
}
