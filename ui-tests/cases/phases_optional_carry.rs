//! error: `#[carries]` stands on a field that is a phase itself
//!
//! Why: What is carried holds for certain, in every value of the phase. An `Option` is a promise
//! that may turn out empty.
//!
//! Fix: Carry the phase itself; if it does not always hold, these are two phases.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    pub struct Wired {
        seen: (),
    }

    #[resting]
    pub struct Staffed {
        #[carries]
        //~ good: wired: Wired,
        wired: Option<Wired>,
    }
}

fn main() {}
