//! The one place that names the `virt` crate: thin, blocking calls with own types.
//!
//! What makes them safe to use:
//! - a text with a NUL byte is refused here, because `virt` would panic on it;
//! - `get_connect()` is never called (it frees a borrowed connection in 0.4.3);
//! - [`Link`] closes its connection when it is dropped, which `virt` does not;
//! - a call that changes something takes an [`Acting`], which only a permit of an effect gives.

mod addresses;
mod domain;
mod fault;
mod link;
mod network;
mod storage;
mod stream;

pub(crate) use addresses::AddressSource;
pub(crate) use domain::{DomainRow, RawState, Undefine};
pub(crate) use fault::{Code, Fault};
pub(crate) use link::{Acting, Link};
pub(crate) use network::{NetworkEdit, NetworkRow, NetworkSection};
pub(crate) use storage::{PoolRow, VolumeRow};
pub(crate) use stream::Sent;
