//! error: `Wired` is a phase of this module, so what it reaches and grants is known: write just `#[carries]`
//!
//! Why: A list that repeats what is known can only be wrong one day.
//!
//! Fix: Write `#[carries]` without a list.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    pub struct Wired {
        seen: (),
    }

    #[resting]
    pub struct Staffed {
        //~ good: #[carries]
        #[carries(reaches())]
        wired: Wired,
    }
}

fn main() {}
