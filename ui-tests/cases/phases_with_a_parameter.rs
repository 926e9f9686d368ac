//! error: a phase has no parameters: it is one state of one kind of system
//!
//! Why: Plans, tables and messages name phases. `Wired<T>` would be as many phases as there are
//! types.
//!
//! Fix: Use the concrete type, or `Arc<dyn Capability>` where the product is chosen when the
//! program runs.
use harmony_phases::phases;

#[phases(any = AnyOffice)]
pub mod office {
    #[resting]
    //~ good: pub struct Wired {
    pub struct Wired<const PORTS: usize> {
        seen: (),
    }
}

fn main() {}
