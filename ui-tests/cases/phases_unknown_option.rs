//! error: `#[phases]` takes one option: `any = AnySite`
//!
//! Why: There is nothing else to choose.
//!
//! Fix: Write `#[phases(any = AnyOffice)]`.
use harmony_phases::phases;

//~ good: #[phases(any = AnyOffice)]
#[phases(enum_name = AnyOffice)]
pub mod office {
    #[resting]
    pub struct Wired {
        seen: (),
    }
}

fn main() {}
