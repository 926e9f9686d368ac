use harmony_macros::capability;
use harmony_phases::{Context, ownership::Mark};

use super::{StoredFile, TftpFile, TftpPath};
use crate::network::{Marked, NetworkError};

/// A TFTP server whose files can be changed.
///
/// dnsmasq and OPNsense serve a folder; their providers can list it with checksums and keep the marks in a list of
/// their own beside the files, which have no room for one.
///
/// Failover is `both`: a machine loads its files from the server that answered its DHCP request, whichever that was.
#[capability(failover = both)]
pub trait TftpServer {
    /// Every file there is, whoever put it there.
    ///
    /// # Errors
    /// When the server cannot be reached.
    async fn files(&self) -> Result<Vec<Marked<StoredFile>>, NetworkError>;

    /// Stores a file, in place of one that lies there, and marks it. The old one is served until the new one is whole.
    ///
    /// # Errors
    /// With kind `Invalid` when the content is not what its checksum says.
    async fn store(&self, ctx: &Context, file: &TftpFile, mark: &Mark) -> Result<(), NetworkError>;

    /// Removes a file; nothing to do where there is none.
    ///
    /// # Errors
    /// When the server cannot be reached or does not do it, or the run was cancelled.
    async fn remove(&self, ctx: &Context, path: &TftpPath) -> Result<(), NetworkError>;
}
