//! error: the failover of this capability is `manual`
//!
//! Why: With a manual orchestration there is no lift that the attribute could change, so it would
//! be ignored.
//!
//! Fix: Remove the attribute, or the `manual`.
use harmony_phases::capability;

//~ good: #[capability]
#[capability(failover = manual)]
pub trait Store {
    #[failover(both)]
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
