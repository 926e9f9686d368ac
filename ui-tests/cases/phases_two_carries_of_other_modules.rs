//! error: `Staffed` already carries `Installed`, whose closure lies in another module and is not known here
//!
//! Why: The macro sees one module. For a phase of another one it forwards whatever that phase
//! reaches and grants, and two such carries could bring the same thing twice.
//!
//! Fix: Carry one of them and hold the other without `#[carries]`, or spell both out:
//! `#[carries(reaches(..), grants(..))]` lists what a phase reaches and grants.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    use ui_tests::sample::{appliance, site};

    #[resting]
    pub struct Staffed {
        #[carries]
        appliance: appliance::Installed,
        //~ good: /// The host it stands beside.
        #[carries]
        site: site::LinuxHost,
    }
}

fn main() {}
