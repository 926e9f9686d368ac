//! error: name the enum that holds a topology in any of these phases: `#[phases(any = AnyOffice)]`
//!
//! Why: Programs that run for long, and transitions that depend on what was found, need one type
//! for a topology in any phase. The macro writes it and must know what to call it.
//!
//! Fix: Give it a name: `#[phases(any = AnyOffice)]`.
use harmony_phases::phases;

//~ good: #[phases(any = AnyOffice)]
#[phases]
pub mod office {
    #[resting]
    pub struct Wired {
        seen: (),
    }
}

fn main() {}
