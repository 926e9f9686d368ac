//! E0277: `Topology<Staffed>` does not offer the `DnsServer` capability
//! At most 20 lines.
//!
//! Why: What an earlier phase granted stays available only if the later phase carries that phase.
//! Holding it in a field is not enough: it may be there for another reason.
//!
//! Fix: Mark the field `#[carries]` if what the earlier phase established still holds.
use harmony_phases::{Topology, phases};
use ui_tests::sample::roles::DnsServer;

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
        //~ good: #[carries]
        // The network still answers, but nobody says so.
        wired: Wired,
        #[grants(K8sClient)]
        cluster: Simulated,
    }
}

fn answers(_: impl DnsServer) {}

pub fn open(office: Topology<office::Staffed>) {
    answers(office);
}

fn main() {}
