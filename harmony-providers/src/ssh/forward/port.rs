use std::net::SocketAddr;

use super::door::Serving;

/// A local port that leads to one that a host can reach; dropped, it is closed, and what it carried has ended.
#[derive(Debug)]
#[must_use]
pub struct ForwardedPort {
    _serving: Serving,
    address: SocketAddr,
}

impl ForwardedPort {
    pub(super) fn new(serving: Serving, address: SocketAddr) -> Self {
        Self { _serving: serving, address }
    }

    /// Where it is: a port of the loopback interface.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}
