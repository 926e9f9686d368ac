//! What can be claimed.

use std::{fmt, net::IpAddr};

use harmony_types::MacAddress;
use serde::{Deserialize, Serialize};

/// An exclusive thing that a step needs: two steps that want it are a conflict.
///
/// ```
/// use harmony_phases::{Claim, Protocol};
/// assert_eq!(Claim::port(Protocol::Tcp, 443).to_string(), "tcp port 443");
/// assert_eq!(Claim::object("domain", "web").to_string(), "domain `web`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claim {
    scope: ClaimScope,
    host: Option<String>,
    resource: Resource,
}

/// Where a claim is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimScope {
    /// On one host; the engine binds which.
    Host,
    /// Across all hosts of a run.
    Site,
}

/// The thing itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// An address, of one machine or virtual.
    Ip(IpAddr),
    /// A network card's address.
    Mac(MacAddress),
    /// A named object of a kind: a domain, a network, a pool, a volume, a disk.
    Object {
        /// The kind, e.g. `domain`.
        kind: String,
        /// The name.
        name: String,
    },
    /// A listening port.
    Port {
        /// Its transport.
        protocol: Protocol,
        /// Its number.
        port: u16,
    },
}

/// The transport of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Claim {
    /// A listening port of the host.
    pub const fn port(protocol: Protocol, port: u16) -> Self {
        Self::new(ClaimScope::Host, Resource::Port { protocol, port })
    }

    /// The address of one machine.
    pub const fn ip(address: IpAddr) -> Self {
        Self::new(ClaimScope::Site, Resource::Ip(address))
    }

    /// A virtual address, which moves between machines.
    pub const fn vip(address: IpAddr) -> Self {
        Self::ip(address)
    }

    /// A network card's address.
    pub const fn mac(address: MacAddress) -> Self {
        Self::new(ClaimScope::Site, Resource::Mac(address))
    }

    /// A disk of the host, by its path.
    pub fn disk(path: impl Into<String>) -> Self {
        Self::object("disk", path)
    }

    /// A named object of the host.
    pub fn object(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(ClaimScope::Host, Resource::Object { kind: kind.into(), name: name.into() })
    }

    /// The same claim on the host called `host`, for a claim that is exclusive on one host.
    #[must_use]
    pub fn on(mut self, host: &str) -> Self {
        if self.scope == ClaimScope::Host {
            self.host = Some(match self.host {
                Some(inner) => format!("{host}/{inner}"),
                None => host.to_owned(),
            });
        }
        self
    }

    /// Where it is exclusive.
    pub const fn scope(&self) -> ClaimScope {
        self.scope
    }

    /// The thing itself.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    const fn new(scope: ClaimScope, resource: Resource) -> Self {
        Self { scope, host: None, resource }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.resource {
            Resource::Ip(ip) => write!(f, "address {ip}")?,
            Resource::Mac(mac) => write!(f, "MAC address {mac}")?,
            Resource::Object { kind, name } => write!(f, "{kind} `{name}`")?,
            Resource::Port { protocol: Protocol::Tcp, port } => write!(f, "tcp port {port}")?,
            Resource::Port { protocol: Protocol::Udp, port } => write!(f, "udp port {port}")?,
        }
        match &self.host {
            Some(host) => write!(f, " on {host}"),
            None => Ok(()),
        }
    }
}
