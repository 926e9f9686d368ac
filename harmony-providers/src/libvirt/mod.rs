//! libvirt as a provider of virtual networks, storage and virtual machines.
//!
//! [`Connection`] is one long-lived connection that every clone shares; the rest of this module
//! stands on it. The `virt` crate is named in `raw` only, so that its next release is a change to
//! one folder.

mod connection;
mod custody;
mod drift;
mod error;
mod host;
mod machine;
mod network;
mod probe;
mod provider;
mod raw;
mod reads;
mod role;
mod spread;
mod storage;
mod view;
mod xml;

pub use connection::{ConnectOptions, Connection, Reconnect};
pub use error::{LibvirtError, LibvirtErrorKind};
pub use provider::Libvirt;
