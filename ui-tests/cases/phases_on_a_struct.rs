//! error: `#[phases]` stands on a module of structs
//!
//! Why: What a phase carries is decided from all phases of a chain together, so the macro must see
//! the module.
//!
//! Fix: Put the structs into a module and the attribute on the module.
use harmony_phases::phases;

//~ good: #[derive(Debug)]
#[phases(any = AnyOffice)]
pub struct Wired;

#[phases(any = AnySite)]
pub mod office {
    #[resting]
    pub struct Wireless {
        seen: (),
    }
}

fn main() {}
