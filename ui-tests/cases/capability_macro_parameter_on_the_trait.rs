//! error: a capability has no parameters
//!
//! Why: A topology offers a role or does not. With a parameter there would be as many roles as
//! there are types, and a phase could not say which it grants.
//!
//! Fix: Use a concrete type of the domain; make two capabilities if there are two roles.
use harmony_phases::capability;

#[capability]
//~ good: pub trait Store {
pub trait Store<Item> {
    async fn keep(&self, item: &str) -> std::io::Result<()>;
}

fn main() {}
