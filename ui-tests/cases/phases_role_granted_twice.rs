//! error: `DnsServer` is granted twice by this phase: one field plays a role
//!
//! Why: When a score asks for the capability, exactly one player must answer.
//!
//! Fix: Grant it from one field. If two servers share the work, that is a type of its own which
//! implements the capability.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::{DhcpServer, DnsServer}};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        router: Simulated,
        //~ good: #[grants(DhcpServer)]
        #[grants(DnsServer)]
        appliance: Simulated,
    }

    pub type Roles = dyn DhcpServer;
}

fn main() {}
