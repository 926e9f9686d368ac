//! error: a capability is lent by reference too, so it cannot ask for a lifetime
//!
//! Why: `&Topology<P>` offers what the topology offers, for as long as the borrow lasts.
//!
//! Fix: Drop the lifetime; `Debug + Send + Sync` are added for you.
use harmony_phases::capability;

#[capability]
//~ good: pub trait Store {
pub trait Store: 'static {
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
