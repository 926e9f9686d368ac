//! error: a pair asks its `primary`, sends commands to `both`, or has a `manual` orchestration of its own
//!
//! Why: What a pair does with a call has to be one of three things.
//!
//! Fix: Write `failover = primary`, `failover = both` or `failover = manual`.
use harmony_phases::capability;

//~ good: #[capability(failover = both)]
#[capability(failover = replica)]
pub trait Store {
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
