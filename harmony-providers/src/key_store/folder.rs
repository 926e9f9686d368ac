//! The folder, and the few ways in which it is changed.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use harmony_phases::Permit;
use zeroize::Zeroizing;

use super::{KeyStoreError, KeyStoreErrorKind as Kind};

type Result<T> = std::result::Result<T, KeyStoreError>;

/// A file on its way to its name: always this one, so that the next change takes it away.
const NEW: &str = ".new";
const LOCK: &str = ".lock";

/// A folder for its owner only, in which files are replaced whole.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    #[cfg(test)]
    pub(super) cut: super::tests::Cut,
}

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self {
            path,
            #[cfg(test)]
            cut: super::tests::Cut::default(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Makes the folder where it is not there, and refuses one that others can get at.
    pub(super) fn make(&self, _: &Permit) -> Result<()> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.path);
        made.map_err(|error| KeyStoreError::io(&self.path, error))?;
        self.check()
    }

    /// Refuses a folder that others can get at.
    pub(super) fn check(&self) -> Result<()> {
        private(&self.path, "700")
    }

    /// Holds the folder, alone or with other readers, until the lock is dropped.
    pub(super) fn lock(&self, alone: bool) -> Result<File> {
        let path = self.file(LOCK);
        let lock = || {
            let mut options = OpenOptions::new();
            let file = options.append(true).create(true).mode(0o600).open(&path)?;
            if alone { file.lock() } else { file.lock_shared() }?;
            Ok(file)
        };
        lock().map_err(|error| KeyStoreError::io(&path, error))
    }

    /// Reads a file that holds a key; refuses one that others can get at.
    pub(super) fn read_key(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let read = self.read(name)?;
        if read.is_some() {
            private(&self.file(name), "600")?;
        }
        Ok(read)
    }

    /// Reads a file.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let path = self.file(name);
        let failed = |error| KeyStoreError::io(&path, error);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or_default();
        // All at once: a buffer that grows leaves copies of a key behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        file.read_to_end(&mut bytes).map_err(failed)?;
        Ok(Some(bytes))
    }

    /// Replaces a file whole: whoever looks, and whoever looks after a crash, sees the old or the new.
    pub(super) fn replace(&self, _: &Permit, name: &str, bytes: &[u8]) -> Result<()> {
        self.replaced(name, bytes).map_err(|error| KeyStoreError::io(self.file(name), error))
    }

    fn replaced(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.file(NEW);
        self.step()?;
        absent(fs::remove_file(&new))?;
        self.step()?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        self.step()?;
        file.write_all(first)?;
        self.step()?;
        file.write_all(rest)?;
        self.step()?;
        file.sync_all()?;
        self.step()?;
        fs::rename(&new, self.file(name))?;
        self.step()?;
        self.sync()
    }

    /// Removes a file; says whether there was one.
    pub(super) fn remove(&self, _: &Permit, name: &str) -> Result<bool> {
        let removed = || {
            self.step()?;
            let there = absent(fs::remove_file(self.file(name)))?;
            self.step()?;
            self.sync()?;
            Ok(there)
        };
        removed().map_err(|error| KeyStoreError::io(self.file(name), error))
    }

    /// The names of all files.
    pub(super) fn names(&self) -> Result<Vec<String>> {
        let list = || {
            let entries = fs::read_dir(&self.path)?;
            entries.map(|entry| Ok(entry?.file_name().into_string().ok())).collect()
        };
        let names: io::Result<Vec<_>> = list();
        let names = names.map_err(|error| KeyStoreError::io(&self.path, error))?;
        Ok(names.into_iter().flatten().collect())
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Comes before every single change: a test ends the work there, as a crash would.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "only a test cuts"))]
    #[cfg_attr(not(test), expect(clippy::unnecessary_wraps, reason = "only a test cuts"))]
    fn step(&self) -> io::Result<()> {
        #[cfg(test)]
        self.cut.step()?;
        Ok(())
    }
}

/// Whether there was something to remove.
fn absent(removed: io::Result<()>) -> io::Result<bool> {
    match removed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn private(path: &Path, mode: &'static str) -> Result<()> {
    let metadata = fs::metadata(path).map_err(|error| KeyStoreError::io(path, error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(KeyStoreError::new(Kind::Exposed { path: path.to_owned(), mode }));
    }
    Ok(())
}
