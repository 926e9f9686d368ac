//! What a virtual network shall be.

mod addresses;
mod boot;
mod mode;
mod rules;
mod wanted;

pub use addresses::{DnsHost, StaticLease};
pub use boot::NetworkBoot;
pub use mode::NetworkMode;
pub(crate) use rules::all_different;
pub use wanted::{NetworkFields, NetworkSpec, NetworkSpecBuilder};
