//! error: a chain has one honest beginning
//!
//! Why: With two publicly constructible phases in a chain, one of them would be a way around the
//! transitions.
//!
//! Fix: Keep the one that says where to look; make the other a `#[resting]` phase that a transition
//! leads to.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[start]
    pub struct Declared;

    //~ good: #[resting]
    #[start]
    pub struct Wired {
        seen: (),
    }
}

fn main() {}
