//! error: this call goes to both halves, and an argument lent for change would reach the second one changed
//!
//! Why: The command runs on the replica first and then on the primary. Whatever the first run did
//! to the argument, the second one would see.
//!
//! Fix: Take the argument by `&` or by value, or send the call to the primary only.
use harmony_phases::capability;

#[capability(failover = both)]
pub trait Store {
    //~ good: async fn fill(&self, from: &[String]) -> std::io::Result<()>;
    async fn fill(&self, from: &mut Vec<String>) -> std::io::Result<()>;
}

fn main() {}
