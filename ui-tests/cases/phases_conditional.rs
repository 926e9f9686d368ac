//! error: a phase cannot be conditional
//!
//! Why: What later phases carry is decided from all phases of the module together; one that comes
//! and goes with a `cfg` would leave impls that name nothing.
//!
//! Fix: Put the `cfg` on the module, or on the transition that leads to the phase.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    //~ good: /// The network answers.
    #[cfg(target_os = "linux")]
    #[resting]
    pub struct Wired {
        seen: (),
    }
}

fn main() {}
