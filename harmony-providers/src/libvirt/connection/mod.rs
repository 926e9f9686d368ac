//! One long-lived connection, shared by everything that talks to one libvirt.

mod diagnose;
mod open;
mod options;
mod pace;
mod shared;

pub use options::{ConnectOptions, Reconnect};
pub use shared::Connection;
