//! error: a spelled-out carry lists phases in `reaches(..)` and capabilities in `grants(..)`
//!
//! Why: A spelled-out carry says two things about a phase of another module: which phases it has
//! reached, and what it grants.
//!
//! Fix: Write `reaches(..)` and `grants(..)`, each as often as it helps.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{appliance, roles::DnsServer};

    #[resting]
    pub struct Staffed {
        //~ good: #[carries(grants(DnsServer))]
        #[carries(offers(DnsServer))]
        appliance: appliance::Installed,
    }

    pub type Roles = dyn DnsServer;
}

fn main() {}
