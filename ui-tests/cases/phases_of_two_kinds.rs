//! error: a phase is one of `#[start]`, `#[resting]` and `#[transient]`
//!
//! Why: A restart can land in a phase or it cannot.
//!
//! Fix: Decide: `#[resting]` if looking at the system recognises it, `#[transient]` if it goes away
//! by itself.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    //~ good: /// The network answers.
    #[transient]
    pub struct Wired {
        seen: (),
    }
}

fn main() {}
