use std::{fmt, net::Ipv4Addr};

use serde::{Deserialize, Serialize};

use crate::network::TftpPath;

/// What a machine that boots from the network is told to load, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BootFile {
    /// The TFTP server.
    pub server: Ipv4Addr,
    /// The file on it.
    pub path: TftpPath,
}

impl fmt::Display for BootFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tftp://{}/{}", self.server, self.path)
    }
}
