//! error: `#[capability]` takes one option: `failover = primary | both | manual`
//!
//! Why: There is nothing else to choose.
//!
//! Fix: Write `#[capability]` or `#[capability(failover = both)]`.
use harmony_phases::capability;

//~ good: #[capability(failover = both)]
#[capability(mirror = both)]
pub trait Store {
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
