//! Sockets and ports of a host, as sockets and ports of this machine, through the connection that is there.
//!
//! A connection to the local end is carried in a channel of the protocol (`direct-streamlocal`, `direct-tcpip`). Where
//! the server forbids that, or the login may not open the socket (its groups may be older than its right to), it is
//! carried in a command instead that connects on the host, as root where it has to be.

mod bridge;
mod carry;
mod direct;
mod door;
mod folder;
mod host;
mod port;
mod socket;
mod way;

pub(in crate::ssh) use carry::carry;
pub use port::ForwardedPort;
pub use socket::ForwardedSocket;
