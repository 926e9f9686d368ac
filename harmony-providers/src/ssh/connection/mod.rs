//! One connection a host, many channels in it; opened again when it is lost.

mod dial;
mod line;
mod link;
mod plan;
mod session;
mod shared;
mod watcher;

pub(in crate::ssh) use link::Link;
pub(in crate::ssh) use plan::{Hop, Plan};
pub(in crate::ssh) use session::{Session, Stay};
pub(in crate::ssh) use shared::Connection;
