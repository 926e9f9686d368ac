//! error: two carried phases grant `DnsServer` (`Wired` and `Wireless`): which one should answer?
//!
//! Why: Both carried phases bring a player of the role, and a score would not know which one it
//! talks to.
//!
//! Fix: Carry the one that should answer; hold the other without `#[carries]`.
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
    pub struct Wireless {
        #[grants(DnsServer)]
        radio: Simulated,
    }

    #[resting]
    pub struct Staffed {
        #[carries]
        wired: Wired,
        //~ good: wireless: Wireless,
        #[carries] wireless: Wireless,
    }
}

fn main() {}
