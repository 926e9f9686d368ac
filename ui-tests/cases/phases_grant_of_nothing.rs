//! error: name the capabilities this field plays
//!
//! Why: The mark alone does not say which role the field plays.
//!
//! Fix: List the capabilities: `#[grants(DhcpServer, DnsServer)]`.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::DnsServer};

    #[resting]
    pub struct Wired {
        //~ good: #[grants(DnsServer)]
        #[grants]
        router: Simulated,
    }

    pub type Roles = dyn DnsServer;
}

fn main() {}
