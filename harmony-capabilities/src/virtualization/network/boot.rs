use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What DHCP tells machines that boot from the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkBoot {
    /// The file to load: its name on the TFTP server, or a URL for firmware that reads those.
    pub file: String,
    /// The TFTP server; the network's own if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<IpAddr>,
}

impl NetworkBoot {
    /// Boots from a file of the network's own TFTP server, or from a URL.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), server: None }
    }

    /// Takes the file from this TFTP server.
    #[must_use]
    pub fn from_server(mut self, server: impl Into<IpAddr>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Says whether the file is a URL, which needs no TFTP.
    pub fn is_url(&self) -> bool {
        self.file.contains("://")
    }
}
