//! error: anyone could write `Wired`
//!
//! Why: A struct without fields can be written by anyone, anywhere, so it proves nothing.
//!
//! Fix: Give the phase what was acquired on reaching it. Where there is nothing to keep, a private
//! unit field (`seen: ()`) keeps others out.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    //~ good: pub struct Wired { seen: () }
    pub struct Wired;
}

fn main() {}
