//! error: a capability that is perhaps there cannot be granted
//!
//! Why: In a phase that grants a capability it is there, or calling it would panic or fail for a
//! reason that the type should have ruled out.
//!
//! Fix: Make the field the player itself. If it is missing at times, grant it in a later phase that
//! a transition leads to.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        //~ good: router: Simulated,
        router: Option<Simulated>,
    }
}

fn main() {}
