//! error: `Wired` is not a phase yet: mark it `#[resting]` or `#[transient]`
//!
//! Why: A struct without a mark is an ordinary struct, and its fields carry and grant nothing.
//! Whether a restart can land in a phase is not something to guess.
//!
//! Fix: Mark it `#[resting]` if looking at the system recognises it, `#[transient]` if it goes away
//! by itself.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[start]
    pub struct Declared;

    //~ good: #[resting]
    /// The network answers.
    pub struct Wired {
        #[grants(DnsServer)]
        router: Simulated,
    }
}

fn main() {}
