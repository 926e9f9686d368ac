//! error: `dyn Store` has no constants: make it a method
//!
//! Why: A phase hands out the player of a role as `dyn Capability`, and that has no constants.
//!
//! Fix: Make it a method.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: fn shelves(&self) -> usize;
    const SHELVES: usize;
}

fn main() {}
