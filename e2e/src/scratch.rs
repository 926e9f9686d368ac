//! A folder for one test that QEMU's own user can read.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

/// A folder under `/var/tmp`, open to QEMU's own user, removed when dropped.
///
/// The usual temporary folder will not do: QEMU runs as its own user, and cannot read a folder that
/// is closed to others or inside root's home.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// Makes an empty folder.
    ///
    /// # Errors
    /// When `/var/tmp` cannot be written.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("harmony-e2e-").tempdir_in("/var/tmp")?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of `name` inside the folder; nothing is created.
    pub fn join(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
