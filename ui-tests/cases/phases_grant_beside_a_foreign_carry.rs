//! error: this phase carries `Installed`, whose closure lies in another module and is not known here, and also grants `K8sClient`
//!
//! Why: The macro sees one module. What the carried phase grants is forwarded without being known,
//! and might one day be the same capability.
//!
//! Fix: Spell the carry out: `#[carries(reaches(..), grants(..))]` lists what it reaches and
//! grants.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, appliance, roles::{DnsServer, K8sClient}};

    #[resting]
    pub struct Staffed {
        //~ good: #[carries(grants(DnsServer))]
        #[carries]
        appliance: appliance::Installed,
        #[grants(K8sClient)]
        cluster: Simulated,
    }

    pub type Roles = dyn DnsServer;
}

fn main() {}
