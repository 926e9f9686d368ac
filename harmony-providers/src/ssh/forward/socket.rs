use std::path::{Path, PathBuf};

use super::{door::Serving, folder::Folder};

/// A local socket that leads to one on a host.
///
/// It owns what is behind it: dropped, the socket and its folder are gone, and what it carried has ended.
#[derive(Debug)]
#[must_use]
pub struct ForwardedSocket {
    // In this order: nothing comes in any more, then the folder goes.
    _serving: Serving,
    path: PathBuf,
    _folder: Folder,
}

impl ForwardedSocket {
    pub(super) fn new(serving: Serving, path: PathBuf, folder: Folder) -> Self {
        Self { _serving: serving, path, _folder: folder }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
