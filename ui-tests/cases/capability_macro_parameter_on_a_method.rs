//! error: `keep` has a type parameter, and a role that is called through `dyn` cannot
//!
//! Why: A phase hands out the player of a role as `dyn Capability`, so that scores do not depend on
//! the product. Methods with type parameters cannot be called that way.
//!
//! Fix: Use a concrete type or `&dyn Trait`.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn keep(&self, item: &(dyn ToString + Sync)) -> std::io::Result<()>;
    async fn keep<Item: ToString>(&self, item: &Item) -> std::io::Result<()>;
}

fn main() {}
