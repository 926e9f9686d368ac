//! error: anyone can build a `#[start]` phase, so it proves nothing
//!
//! Why: Everybody can make a `#[start]` phase, without looking at anything. If it granted a
//! capability, a pipeline could use a server that nobody has seen.
//!
//! Fix: Let a transition lead from it to the first phase, which owns what the capability needs.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[start]
    pub struct Declared {
        //~ good: router: Simulated,
        #[grants(DnsServer)] router: Simulated,
    }

    pub type Roles = dyn DnsServer;
}

fn main() {}
