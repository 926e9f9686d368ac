//! error: a phase is `pub`: pipelines name it in their types
//!
//! Why: `Pipeline<Topology<Declared>, Topology<Wired>>` names both ends, so users must be able to
//! name them.
//!
//! Fix: Make the struct `pub`; its fields stay private.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[start]
    pub struct Declared;

    #[resting]
    //~ good: pub struct Wired {
    struct Wired {
        seen: (),
    }
}

fn main() {}
