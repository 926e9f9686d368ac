//! Another chain, which starts from the same kind of place and leads elsewhere.

use harmony_phases::phases;

pub use chain::*;

/// A box that somebody unpacks.
#[phases(any = AnyAppliance)]
pub mod chain {
    use crate::sample::{Simulated, roles::DnsServer};

    /// A box, still closed.
    #[start]
    pub struct Boxed;

    /// A box that answers for names.
    #[resting]
    pub struct Installed {
        #[grants(DnsServer)]
        appliance: Simulated,
    }

    impl Installed {
        pub(in crate::sample) fn seen() -> Self {
            Self { appliance: Simulated::default() }
        }
    }
}
