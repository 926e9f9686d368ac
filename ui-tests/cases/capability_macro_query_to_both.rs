//! error: `count` is a query
//!
//! Why: A query answers a question. Two halves could give two answers, and there is no honest way
//! to make one of them.
//!
//! Fix: Let the primary answer, which is what happens without the attribute. Where both answers
//! matter, use `failover = manual` and write down what becomes of them.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: #[failover(primary)]
    #[failover(both)]
    async fn count(&self) -> std::io::Result<u64>;
}

fn main() {}
