//! error: `DnsServer` is granted already: this phase carries `Wired`, and `Wired` grants it
//!
//! Why: What is carried is granted too, so the role would have two players.
//!
//! Fix: Grant it in one of the two phases. If the player changes, do not carry the earlier phase:
//! what it established no longer holds.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{Simulated, roles::{DnsServer, K8sClient}};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        router: Simulated,
    }

    #[resting]
    pub struct Staffed {
        #[carries]
        wired: Wired,
        //~ good: #[grants(K8sClient)]
        #[grants(DnsServer)]
        cluster: Simulated,
    }

    pub type Roles = dyn K8sClient;
}

fn main() {}
