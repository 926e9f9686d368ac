//! error: what a phase carries or grants cannot be conditional
//!
//! Why: A capability that comes and goes with a `cfg` would leave scores that compile on one
//! machine and not on the next.
//!
//! Fix: Put the `cfg` on the module, or grant the capability in every build.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[resting]
    pub struct Wired {
        //~ good: /// Answers for names.
        #[cfg(target_os = "linux")]
        #[grants(DnsServer)]
        router: Simulated,
    }
}

fn main() {}
