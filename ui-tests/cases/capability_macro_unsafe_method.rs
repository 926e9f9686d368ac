//! error: a capability is called by scores, which cannot keep the promises of an `unsafe` method
//!
//! Why: Scores know the role and not the product, so they cannot know what its `unsafe` method asks
//! for.
//!
//! Fix: Make the method safe; the product keeps its own promises.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn keep(&self, item: &str) -> std::io::Result<()>;
    async unsafe fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
