//! Where hosts are: host names and addresses, how SSH reaches them, and which part of a text is wrong.

mod error;
mod host;
mod kvm_host;
mod ssh;

pub use error::{AddressError, AddressProblem};
pub use host::HostAddress;
pub use kvm_host::KvmHostAddress;
pub use ssh::SshAddress;
