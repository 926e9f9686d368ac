//! error: `Staffed` would carry itself: a phase carries what was there before it
//!
//! Why: Carrying means that what an earlier phase established still holds; nothing is earlier than
//! itself.
//!
//! Fix: Remove one of the carries. The order in which phases are reached is the transitions'
//! business, not the carries'.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    pub struct Wired {
        //~ good: seen: (),
        #[carries] staffed: Staffed,
    }

    #[resting]
    pub struct Staffed {
        #[carries]
        wired: Wired,
    }
}

fn main() {}
