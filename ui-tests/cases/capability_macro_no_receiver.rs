//! error: every method of a capability takes `&self`
//!
//! Why: A role is played by a value that a phase owns; without it there is nobody to ask.
//!
//! Fix: Take `&self`. A constructor belongs to the product.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: async fn open(&self) -> std::io::Result<()>;
    async fn open() -> std::io::Result<()>;
}

fn main() {}
