//! error: `impl Trait` is a hidden type parameter
//!
//! Why: A phase hands out the player of a role as `dyn Capability`, so that scores do not depend on
//! the product. Methods with type parameters cannot be called that way.
//!
//! Fix: Use a concrete type or `&dyn Trait`.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn keep(&self, item: String) -> std::io::Result<()>;
    async fn keep(&self, item: impl Into<String>) -> std::io::Result<()>;
}

fn main() {}
