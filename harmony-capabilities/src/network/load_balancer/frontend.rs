use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use harmony_types::{ObjectName, ParseError, ParseErrorKind, Port};
use serde::{Deserialize, Serialize};

use super::{Backend, Server};
use crate::keeping::{Difference, Item, differs};

/// An address and port that hand TCP connections on to the servers behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Frontend {
    name: ObjectName,
    address: IpAddr,
    port: Port,
    backend: Backend,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: ObjectName,
    address: IpAddr,
    port: Port,
    backend: Backend,
}

impl Frontend {
    /// Listens on `address` (unspecified: on all of the load balancer's) and `port`.
    ///
    /// # Errors
    /// When the address is a multicast one, or a server of the backend is the frontend itself.
    pub fn new(
        name: ObjectName,
        address: impl Into<IpAddr>,
        port: Port,
        backend: Backend,
    ) -> Result<Self, ParseError> {
        let address = address.into();
        let itself = |server: &Server| server.address == address && server.port == port;
        let rule = if address.is_multicast() {
            "no service listens on a multicast address"
        } else if backend.servers().iter().any(itself) {
            "one of its servers is itself, so it would go round in circles"
        } else {
            return Ok(Self { name, address, port, backend });
        };
        Err(ParseError::new("frontend", name.as_str(), ParseErrorKind::Rule(rule)))
    }

    /// Its name, unique on its load balancer.
    pub const fn name(&self) -> &ObjectName {
        &self.name
    }

    /// Where it listens.
    pub const fn listens(&self) -> SocketAddr {
        SocketAddr::new(self.address, self.port.number())
    }

    /// What is behind it.
    pub const fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Whether both could not listen at the same time.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let everywhere = |address: IpAddr| address.is_unspecified();
        let (one, two) = (self.address, other.address);
        self.port == other.port
            && one.is_ipv4() == two.is_ipv4()
            && (one == two || everywhere(one) || everywhere(two))
    }
}

impl TryFrom<Fields> for Frontend {
    type Error = ParseError;

    fn try_from(fields: Fields) -> Result<Self, ParseError> {
        Self::new(fields.name, fields.address, fields.port, fields.backend)
    }
}

impl From<Frontend> for Fields {
    fn from(frontend: Frontend) -> Self {
        let Frontend { name, address, port, backend } = frontend;
        Self { name, address, port, backend }
    }
}

impl fmt::Display for Frontend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {} before {}", self.name, self.listens(), spell(self.backend.servers()))
    }
}

fn spell(servers: &[Server]) -> String {
    servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The servers in an order of their own: what a load balancer lists them in says nothing.
fn sorted(backend: &Backend) -> Vec<Server> {
    let mut servers = backend.servers().to_vec();
    servers.sort_by(|a, b| a.name.cmp(&b.name));
    servers
}

impl Item for Frontend {
    const KIND: &'static str = "frontend";

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }

    fn differences(&self, found: &Self) -> Vec<Difference> {
        let (ours, theirs) = (&self.backend, &found.backend);
        [
            differs("listens", &found.listens(), &self.listens(), ToString::to_string),
            differs("balance", &theirs.shares(), &ours.shares(), ToString::to_string),
            differs("health check", theirs.check(), ours.check(), ToString::to_string),
            differs("servers", &sorted(theirs), &sorted(ours), |servers| spell(servers)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn clash(&self, other: &Self) -> Option<String> {
        self.overlaps(other).then(|| format!("listens on {}", other.listens()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frontend(name: &str, address: [u8; 4], servers: &[u8]) -> Frontend {
        let servers = servers
            .iter()
            .map(|n| Server::new(format!("cp-{n}").parse().unwrap(), [10, 0, 0, *n], Port::HTTPS));
        let backend = Backend::new(servers).unwrap();
        Frontend::new(name.parse().unwrap(), address, Port::HTTPS, backend).unwrap()
    }

    #[test]
    fn everywhere_overlaps_somewhere() {
        let here = frontend("a", [10, 0, 0, 5], &[1]);
        assert!(here.overlaps(&frontend("b", [0, 0, 0, 0], &[1])));
        assert!(!here.overlaps(&frontend("b", [10, 0, 0, 6], &[1])));
    }

    #[test]
    fn the_order_of_servers_is_no_difference() {
        let one = frontend("a", [10, 0, 0, 5], &[1, 2]);
        assert!(one.differences(&frontend("a", [10, 0, 0, 5], &[2, 1])).is_empty());
        let changes = one.differences(&frontend("a", [10, 0, 0, 5], &[1]));
        assert_eq!(changes[0].found, "cp-1 at 10.0.0.1:443");
        assert_eq!(changes[0].wanted, "cp-1 at 10.0.0.1:443, cp-2 at 10.0.0.2:443");
    }

    #[test]
    fn a_frontend_behind_itself_is_refused() {
        let server = Server::new("a".parse().unwrap(), [10, 0, 0, 5], Port::HTTPS);
        let backend = Backend::new([server]).unwrap();
        let refusal = Frontend::new("a".parse().unwrap(), [10, 0, 0, 5], Port::HTTPS, backend);
        assert!(refusal.unwrap_err().to_string().contains("circles"));
    }
}
