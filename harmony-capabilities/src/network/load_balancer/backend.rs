use std::{collections::HashSet, fmt, net::IpAddr};

use harmony_types::{ObjectName, ParseError, ParseErrorKind, Port};
use serde::{Deserialize, Serialize};

use super::HealthCheck;

/// The servers behind a frontend, at least one, and how work is shared among them.
///
/// ```
/// use harmony_capabilities::network::{Backend, HealthCheck, Server};
/// let backend = Backend::new([
///     Server::new("cp-0".parse()?, [192, 168, 100, 10], 6443.try_into()?),
///     Server::new("cp-1".parse()?, [192, 168, 100, 11], 6443.try_into()?),
/// ])?
/// .health_check(HealthCheck::https("/readyz".parse()?));
/// assert_eq!(backend.servers().len(), 2);
/// assert!(Backend::new([]).is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Backend {
    balance: Balance,
    health_check: HealthCheck,
    servers: Vec<Server>,
}

/// How work is shared among servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Balance {
    /// To the server with the fewest connections.
    LeastConnections,
    /// In turn.
    #[default]
    RoundRobin,
    /// A client always to the same server.
    Source,
}

/// One server behind a frontend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its name, unique in its backend.
    pub name: ObjectName,
    /// Where it listens.
    pub address: IpAddr,
    /// On which port.
    pub port: Port,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default)]
    balance: Balance,
    health_check: HealthCheck,
    servers: Vec<Server>,
}

impl Backend {
    /// Shares work in turn among servers that take connections.
    ///
    /// # Errors
    /// When there is no server, or two have one name or one address and port.
    pub fn new(servers: impl IntoIterator<Item = Server>) -> Result<Self, ParseError> {
        let servers: Vec<_> = servers.into_iter().collect();
        let refuse =
            |given: &str, rule| Err(ParseError::new("backend", given, ParseErrorKind::Rule(rule)));
        if servers.is_empty() {
            return refuse("", "it needs a server: a frontend without one refuses all work");
        }
        let (mut names, mut places) = (HashSet::new(), HashSet::new());
        for server in &servers {
            if !names.insert(&server.name) {
                return refuse(server.name.as_str(), "two servers have this name");
            }
            if !places.insert((server.address, server.port)) {
                return refuse(&server.to_string(), "two servers have this address and port");
            }
        }
        Ok(Self { balance: Balance::RoundRobin, health_check: HealthCheck::tcp(), servers })
    }

    /// Shares work another way.
    #[must_use]
    pub const fn balance(mut self, balance: Balance) -> Self {
        self.balance = balance;
        self
    }

    /// Finds out another way which servers are well.
    #[must_use]
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health_check = check;
        self
    }

    /// How work is shared.
    pub const fn shares(&self) -> Balance {
        self.balance
    }

    /// How servers are checked.
    pub const fn check(&self) -> &HealthCheck {
        &self.health_check
    }

    /// The servers.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }
}

impl Server {
    /// A server that listens on `address` and `port`.
    pub fn new(name: ObjectName, address: impl Into<IpAddr>, port: Port) -> Self {
        Self { name, address: address.into(), port }
    }
}

impl TryFrom<Fields> for Backend {
    type Error = ParseError;

    fn try_from(fields: Fields) -> Result<Self, ParseError> {
        let Fields { balance, health_check, servers } = fields;
        Ok(Self::new(servers)?.balance(balance).health_check(health_check))
    }
}

impl From<Backend> for Fields {
    fn from(backend: Backend) -> Self {
        let Backend { balance, health_check, servers } = backend;
        Self { balance, health_check, servers }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = std::net::SocketAddr::new(self.address, self.port.number());
        write!(f, "{} at {place}", self.name)
    }
}

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LeastConnections => "least connections",
            Self::RoundRobin => "round robin",
            Self::Source => "by source",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: &str, last: u8) -> Server {
        Server::new(name.parse().unwrap(), [10, 0, 0, last], Port::HTTPS)
    }

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |servers: Vec<Server>| Backend::new(servers).unwrap_err().to_string();
        assert!(refusal(vec![]).contains("needs a server"));
        assert!(refusal(vec![server("a", 1), server("a", 2)]).contains("`a`: two servers"));
        assert!(refusal(vec![server("a", 1), server("b", 1)]).contains("10.0.0.1:443"));
        let text = r#"{"health_check":{"probe":"tcp"},"servers":[]}"#;
        serde_json::from_str::<Backend>(text).unwrap_err();
    }
}
