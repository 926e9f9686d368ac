//! error: a field is either an earlier phase that is carried or the player of a role, not both
//!
//! Why: A phase grants through its fields; it plays no role itself.
//!
//! Fix: Remove one of the attributes. What the carried phase grants is granted here too, without
//! saying so.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        router: Simulated,
    }

    #[resting]
    pub struct Staffed {
        #[carries]
        //~ good: /// The network still answers.
        #[grants(DnsServer)]
        wired: Wired,
    }
}

fn main() {}
