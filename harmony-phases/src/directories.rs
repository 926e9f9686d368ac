//! The folders Harmony keeps its files in.

use std::{
    env, fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use etcetera::base_strategy::{BaseStrategy, Xdg};
use thiserror::Error;

/// The folders Harmony keeps its files in.
///
/// Each follows the XDG base directory specification, and a variable of our own goes before it:
/// `HARMONY_DATA_DIR`, `HARMONY_CACHE_DIR`, `HARMONY_STATE_DIR`, `HARMONY_RUNTIME_DIR`,
/// `HARMONY_SECRETS_DIR`. A folder is made when it is first asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directories {
    data: PathBuf,
    cache: PathBuf,
    state: PathBuf,
    runtime: PathBuf,
    secrets: PathBuf,
}

/// Why a folder cannot be used.
#[derive(Debug, Error)]
#[error("failed to use folder {}", path.display())]
pub struct DirectoryError {
    path: PathBuf,
    #[source]
    kind: DirectoryErrorKind,
}

/// What was wrong with it.
#[derive(Debug, Error)]
pub enum DirectoryErrorKind {
    /// Others than its owner can get at it.
    #[error("others than its owner can get at it (mode {mode:o}); run: chmod 700 {path}")]
    Exposed {
        /// The permission bits found.
        mode: u32,
        /// The folder.
        path: String,
    },
    /// It belongs to somebody else.
    #[error(
        "it belongs to user {owner}, not to the user who runs this; run: chown {wanted} {path}"
    )]
    ForeignOwner {
        /// The owner's number.
        owner: u32,
        /// The number of who runs this.
        wanted: u32,
        /// The folder.
        path: String,
    },
    /// It cannot be made or looked at.
    #[error("it cannot be made or looked at")]
    Io(#[source] io::Error),
    /// No home folder is known.
    #[error("no home folder is known; set HOME or the HARMONY_*_DIR variables")]
    NoHome,
}

impl DirectoryError {
    fn new(path: &Path, kind: DirectoryErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    /// What was wrong with the folder.
    pub const fn kind(&self) -> &DirectoryErrorKind {
        &self.kind
    }
}

impl Directories {
    /// The folders of whoever runs this, by the environment.
    ///
    /// # Errors
    /// No home folder is known, and the environment names none of our own.
    pub fn from_environment() -> Result<Self, DirectoryError> {
        let xdg = Xdg::new()
            .map_err(|_| DirectoryError::new(Path::new("~"), DirectoryErrorKind::NoHome))?;
        let own = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let pick = |name, base: PathBuf| own(name).unwrap_or_else(|| base.join("harmony"));
        let state = pick("HARMONY_STATE_DIR", xdg.state_dir().unwrap_or_else(|| xdg.data_dir()));
        let data = pick("HARMONY_DATA_DIR", xdg.data_dir());
        Ok(Self {
            cache: pick("HARMONY_CACHE_DIR", xdg.cache_dir()),
            // Without a session there is no runtime folder; state is the one that always exists.
            runtime: own("HARMONY_RUNTIME_DIR")
                .or_else(|| xdg.runtime_dir().map(|base| base.join("harmony")))
                .unwrap_or_else(|| state.join("run")),
            secrets: own("HARMONY_SECRETS_DIR").unwrap_or_else(|| data.join("secrets")),
            data,
            state,
        })
    }

    /// All folders below one, e.g. for a test.
    pub fn below(root: impl AsRef<Path>) -> Self {
        let at = |name| root.as_ref().join(name);
        Self {
            data: at("data"),
            cache: at("cache"),
            state: at("state"),
            runtime: at("run"),
            secrets: at("secrets"),
        }
    }

    /// What must not be lost: made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn data(&self) -> Result<&Path, DirectoryError> {
        made(&self.data)
    }

    /// What can be had again: made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn cache(&self) -> Result<&Path, DirectoryError> {
        made(&self.cache)
    }

    /// What is worth keeping between runs: made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn state(&self) -> Result<&Path, DirectoryError> {
        made(&self.state)
    }

    /// Sockets and locks: made if it is not there, for its owner only.
    ///
    /// # Errors
    /// It cannot be made, or others can get at it.
    pub fn runtime(&self) -> Result<&Path, DirectoryError> {
        private(&self.runtime)
    }

    /// Secrets: made if it is not there, for its owner only.
    ///
    /// # Errors
    /// It cannot be made, or others can get at it: it is refused with the command that mends it.
    pub fn secrets(&self) -> Result<&Path, DirectoryError> {
        private(&self.secrets)
    }
}

fn made(path: &Path) -> Result<&Path, DirectoryError> {
    fs::create_dir_all(path)
        .map_err(|error| DirectoryError::new(path, DirectoryErrorKind::Io(error)))?;
    Ok(path)
}

fn private(path: &Path) -> Result<&Path, DirectoryError> {
    let failed = |error| DirectoryError::new(path, DirectoryErrorKind::Io(error));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
        Ok(()) | Err(_) => {}
    }
    let metadata = fs::metadata(path).map_err(failed)?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        let path_text = path.display().to_string();
        let kind = DirectoryErrorKind::Exposed { mode, path: path_text };
        return Err(DirectoryError::new(path, kind));
    }
    owned_by_us(path, metadata.uid())
}

/// The owner of `/proc/self` is the user who runs this; where there is no `/proc`, the mode decides.
fn owned_by_us(path: &Path, owner: u32) -> Result<&Path, DirectoryError> {
    match fs::metadata("/proc/self").map(|metadata| metadata.uid()) {
        Ok(wanted) if wanted != owner => {
            let path_text = path.display().to_string();
            let kind = DirectoryErrorKind::ForeignOwner { owner, wanted, path: path_text };
            Err(DirectoryError::new(path, kind))
        }
        _ => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_folder_is_made_for_its_owner_only() {
        let root = tempfile::tempdir().unwrap();
        let directories = Directories::below(root.path());
        let mode = fs::metadata(directories.secrets().unwrap()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn an_exposed_secret_folder_is_refused_with_the_mending_command() {
        let root = tempfile::tempdir().unwrap();
        let directories = Directories::below(root.path());
        let path = directories.secrets().unwrap().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let error = directories.secrets().unwrap_err();
        let expected = format!("run: chmod 700 {}", path.display());
        assert!(error.kind().to_string().ends_with(&expected), "{}", error.kind());
    }
}
