//! E0277: `u8` does not offer the `DnsServer` capability
//!
//! Why: A field that is said to play a role must implement it.
//!
//! Fix: Implement the capability for the field's type, or grant it from the field that plays it.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{self, roles::DnsServer};

    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        //~ good: router: sample::Simulated,
        router: u8,
    }

    pub const NOBODY: Option<sample::Simulated> = None;
}

fn main() {}
