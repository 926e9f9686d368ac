//! error: `#[capability]` stands on a trait
//!
//! Why: A capability is a role; a struct is the product that plays it.
//!
//! Fix: Put the attribute on the trait and implement the trait for the struct.
use harmony_phases::capability;

//~ good: #[derive(Debug)]
#[capability]
pub struct Store;

#[capability]
pub trait Keeper {
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
