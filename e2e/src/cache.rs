//! What is expensive to make is made once, outside the checkout.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The folder of everything that is downloaded, unpacked or built for the tests.
///
/// It is `$XDG_CACHE_HOME/harmony-e2e` where QEMU's own user can reach that, and
/// `/var/cache/harmony-e2e` otherwise (root's home is closed to it). An entry's key holds its
/// version, so nothing is ever refreshed in place; removing the folder is always safe.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens the cache, creating its folder when it is missing.
    ///
    /// # Errors
    /// When no folder can be written.
    pub fn open() -> Result<Self> {
        let chosen = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let base = chosen
            .filter(|base| fs::create_dir_all(base).is_ok() && open_to_others(base))
            .unwrap_or_else(|| PathBuf::from("/var/cache"));
        Self::at(base.join("harmony-e2e"))
    }

    fn at(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    /// The folder of the entry `key`; `build` fills an empty folder when there is none yet.
    ///
    /// An entry appears whole or not at all, and is built once even when several processes ask.
    ///
    /// # Errors
    /// When `build` fails, or the cache cannot be written.
    pub fn entry(&self, key: &str, build: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let finished = self.folder.join(key);
        if finished.is_dir() {
            return Ok(finished);
        }
        let lock = File::create(self.folder.join(format!("{key}.lock")))?;
        lock.lock()?;
        if finished.is_dir() {
            return Ok(finished);
        }
        log::info!("building {key}, once; it is kept in {}", self.folder.display());
        let building = tempfile::Builder::new().prefix(".building-").tempdir_in(&self.folder)?;
        fs::set_permissions(building.path(), Permissions::from_mode(0o755))?;
        build(building.path()).with_context(|| format!("building {key}"))?;
        fs::rename(building.keep(), &finished)?;
        Ok(finished)
    }
}

fn open_to_others(path: &Path) -> bool {
    let searchable = |folder: &Path| {
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
    };
    path.canonicalize().is_ok_and(|path| path.ancestors().all(searchable))
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn an_entry_is_built_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache")).unwrap();
        let build = |at: &Path| Ok(fs::write(at.join("file"), "content")?);

        let first = cache.entry("thing-1", build).unwrap();
        let second = cache.entry("thing-1", |_| bail!("built twice")).unwrap();

        assert_eq!(first, second);
        assert_eq!(fs::read_to_string(second.join("file")).unwrap(), "content");
    }

    #[test]
    fn a_failed_build_leaves_no_entry() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache")).unwrap();

        let error = cache.entry("thing-1", |_| bail!("no network")).unwrap_err();
        assert_eq!(format!("{error:#}"), "building thing-1: no network");

        cache.entry("thing-1", |_| Ok(())).unwrap();
    }

    #[test]
    fn a_closed_folder_is_not_open_to_others() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        assert!(!open_to_others(folder.path()));
        assert!(open_to_others(Path::new("/var/cache")));
    }
}
