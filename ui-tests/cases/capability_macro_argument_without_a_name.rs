//! error: give this argument a name: the lifts pass it on
//!
//! Why: A lifted method hands its arguments to the same method of the player, and needs names for
//! them.
//!
//! Fix: Give the argument one name and take it apart in the body.
use harmony_phases::capability;

#[capability]
pub trait Store {
    //~ good: fn price(&self, item: (&str, u64)) -> u64 { item.1 }
    fn price(&self, (_name, price): (&str, u64)) -> u64 { price }
}

fn main() {}
