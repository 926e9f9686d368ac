//! error: a phase is a struct: it owns what was acquired on reaching it
//!
//! Why: A phase is one state of the world. An enum would be several, and a capability that exists
//! in only some of them could not be granted.
//!
//! Fix: Write one struct for each state; the `Any…` enum over all of them is written for you.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[start]
    pub struct Declared;

    //~ good: /// How the network is reached.
    #[resting]
    pub enum Uplink {
        Cable,
        Radio,
    }
}

fn main() {}
