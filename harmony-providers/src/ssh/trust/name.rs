use std::fmt;

use harmony_types::Port;

/// A host as `known_hosts` names it: in lower case, `[host]:port` where the port is not 22.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ssh) struct KnownName {
    host: String,
    port: Option<Port>,
}

impl KnownName {
    /// The host at a port.
    pub(in crate::ssh) fn of(host: &str, port: Port) -> Self {
        Self { host: host.to_ascii_lowercase(), port: (port != Port::SSH).then_some(port) }
    }

    /// A name of the user's choice (`HostKeyAlias`), which has no port.
    pub(in crate::ssh) fn alias(name: &str) -> Self {
        Self { host: name.to_ascii_lowercase(), port: None }
    }

    /// The host alone: what a host certificate names.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The same host by its bare name, if this is another name.
    pub(super) fn without_port(&self) -> Option<Self> {
        self.port.map(|_| Self { host: self.host.clone(), port: None })
    }

    /// The arguments by which `ssh-keyscan` asks for it.
    pub(super) fn to_scan(&self) -> String {
        match self.port {
            Some(port) => format!("-p {port} {}", self.host),
            None => self.host.clone(),
        }
    }
}

impl fmt::Display for KnownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "[{}]:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}
