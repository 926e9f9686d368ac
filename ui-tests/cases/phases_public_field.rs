//! error: evidence stays private
//!
//! Why: A phase is evidence, and evidence that anyone can write is none: with a public field every
//! crate could build the phase without looking at the system.
//!
//! Fix: Make the field private. `pub(super)` and `pub(crate)` are fine, for code beside the phase.
//! What users need is a method, a capability, or `evidence`.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        //~ good: router: Simulated,
        pub router: Simulated,
    }
}

fn main() {}
