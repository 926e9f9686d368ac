//! A folder for one socket, private, and gone with whoever made it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// A folder that only its owner can enter. It is removed when this is dropped, or by the next one that is made when
/// its process was killed.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Held for as long as the folder is in use: whoever can take it knows that nobody uses the folder.
    _lock: File,
}

const PREFIX: &str = "ssh-";
const LOCK: &str = "lock";

impl Folder {
    /// Makes a folder in `runtime`, and sweeps what dead processes left there.
    pub(super) fn new(runtime: &Path) -> io::Result<Self> {
        // One at a time: a folder without its lock yet would look like a dead one.
        let only_one = File::open(runtime)?;
        only_one.lock()?;
        sweep(runtime);
        // As short as can be: a socket's path has room for 107 bytes.
        let name = Uuid::new_v4().simple().to_string();
        let path = runtime.join(format!("{PREFIX}{}", &name[..12]));
        DirBuilder::new().mode(0o700).create(&path)?;
        let lock =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path.join(LOCK))?;
        lock.lock()?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            log::warn!("failed to remove {}: {error}", self.path.display());
        }
    }
}

/// Removes the folders whose processes are gone.
fn sweep(runtime: &Path) {
    let Ok(entries) = fs::read_dir(runtime) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        if ours && is_dead(&entry.path()) {
            log::debug!("{} is left from a process that is gone: removed", entry.path().display());
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn is_dead(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_private_and_goes_with_its_value() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = Folder::new(runtime.path()).unwrap();
        let mode = fs::metadata(&folder.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let path = folder.path.clone();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_dead_processes_left_is_swept_and_what_lives_is_not() {
        let runtime = tempfile::tempdir().unwrap();
        let alive = Folder::new(runtime.path()).unwrap();
        let dead = runtime.path().join("ssh-000000000000");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        let foreign = runtime.path().join("other");
        fs::create_dir(&foreign).unwrap();
        let _new = Folder::new(runtime.path()).unwrap();
        assert!(!dead.exists());
        assert!(alive.path.exists() && foreign.exists());
    }
}
