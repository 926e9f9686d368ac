use std::path::Path;

use harmony_phases::{Context, capability, ownership::Mark};
use harmony_types::{ByteSize, HostPath};

use super::{Directory, Entry, NewFile};
use crate::host::HostError;

/// Keeps the files and directories of a host.
#[capability(failover = both)]
pub trait FileStore {
    /// What is at a path; nothing is followed.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn entry(&self, path: &HostPath) -> Result<Option<Entry>, HostError>;

    /// What has to be different before anything can be written at a path, where that can be told beforehand.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn obstacle(&self, path: &HostPath) -> Result<Option<String>, HostError>;

    /// The whole content of a file, of at most `most`.
    ///
    /// # Errors
    /// When it is larger, is no file, is not there, or may not be read.
    async fn read(&self, path: &HostPath, most: ByteSize) -> Result<Vec<u8>, HostError>;

    /// Writes a file atomically: whoever reads it sees the old content or the new, never a part, and after a power
    /// cut one of the two is there. Attributes that are not said are kept. A symbolic link in its place is refused.
    ///
    /// # Errors
    /// When it cannot be written, or its check fails: then the old content is still there.
    async fn write(&self, ctx: &Context, file: &NewFile, mark: &Mark) -> Result<(), HostError>;

    /// Makes a directory with its parents, or gives it the attributes that are said.
    ///
    /// # Errors
    /// When something else is there, or it may not be made.
    async fn make_directory(
        &self,
        ctx: &Context,
        directory: &Directory,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// Removes a file, or a directory that is empty, with its mark; nothing to do where nothing is.
    ///
    /// # Errors
    /// With kind `Blocked` when a directory is not empty; when it may not be removed.
    async fn remove(&self, ctx: &Context, path: &HostPath) -> Result<(), HostError>;

    /// Sends a local file, streaming and with progress; it gets its name when it is whole.
    ///
    /// # Errors
    /// When it cannot be read here or written there.
    async fn upload(
        &self,
        ctx: &Context,
        from: &Path,
        to: &HostPath,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// Fetches a file into a local one, streaming and with progress; it gets its name when it is whole.
    ///
    /// # Errors
    /// When it cannot be read there or written here.
    async fn download(&self, ctx: &Context, from: &HostPath, to: &Path) -> Result<(), HostError>;

    /// Every file and directory that carries a mark, of whatever site.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn marked_files(&self) -> Result<Vec<(HostPath, Mark)>, HostError>;
}
