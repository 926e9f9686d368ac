//! error: every method of a capability takes `&self`
//!
//! Why: Many scores use one topology, some of them side by side.
//!
//! Fix: Take `&self`; a product that has to change something of its own holds it in a `Mutex`.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn keep(&self, item: &str) -> std::io::Result<()>;
    async fn keep(&mut self, item: &str) -> std::io::Result<()>;
}

fn main() {}
