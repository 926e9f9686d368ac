//! A lock on the host, so that two operators do not change it at once.
//!
//! Whoever changes a host holds `flock` on a file there, in a command that runs for as long as the connection, and the
//! file says who it is. The lock is free again when the connection is gone: the command ends when its input does, or
//! when it has heard nothing for a while, because a connection may end without the host being told.

mod holder;
mod keeper;
mod slot;
mod take;

pub use keeper::HostLock;
pub(super) use slot::Slot;
