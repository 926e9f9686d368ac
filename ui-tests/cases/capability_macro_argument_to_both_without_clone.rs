//! E0277: `Parcel: Clone` is not satisfied
//!
//! Why: A command that goes to both halves needs its arguments twice.
//!
//! Fix: Take the argument by reference, or make its type `Clone`.
use harmony_phases::capability;

#[derive(Debug)]
pub struct Parcel;

#[capability(failover = both)]
pub trait Store {
    //~ good: async fn keep(&self, parcel: &Parcel) -> std::io::Result<()>;
    async fn keep(&self, parcel: Parcel) -> std::io::Result<()>;
}

fn main() {}
