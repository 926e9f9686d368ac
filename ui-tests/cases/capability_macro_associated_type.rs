//! error: an associated type would have to be spelled in every `dyn Store`
//!
//! Why: A phase says `#[grants(Store)]`, without knowing the product. An associated type would make
//! the product part of the role's name.
//!
//! Fix: Use a concrete type of the domain.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn count(&self) -> u64;
    type Item;
}

fn main() {}
