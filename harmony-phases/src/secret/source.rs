//! Where secrets come from.

use std::{
    env,
    fmt::Debug,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

use async_trait::async_trait;

use super::{Secret, SecretError, SecretErrorKind, SecretRef};

/// Somewhere secrets come from.
#[async_trait]
pub trait SecretSource: Debug + Send + Sync {
    /// The secret behind `reference`; `None` when it is another source's.
    ///
    /// # Errors
    /// It is this source's, and cannot be read.
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError>;
}

/// Secrets from environment variables: `env:NAME`.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentSecrets;

#[async_trait]
impl SecretSource for EnvironmentSecrets {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "env" {
            return Ok(None);
        }
        Ok(env::var(reference.name()).ok().map(Secret::new))
    }
}

/// Secrets from files of one folder, one secret a file: `file:name`.
///
/// A file that others may read is refused, with the command that mends it.
#[derive(Clone, Debug)]
pub struct FileSecrets {
    folder: PathBuf,
}

impl FileSecrets {
    /// Secrets in `folder`, e.g. `Directories::secrets`.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        plain.then(|| self.folder.join(name))
    }
}

#[async_trait]
impl SecretSource for FileSecrets {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "file" {
            return Ok(None);
        }
        let Some(path) = self.path(reference.name()) else { return Ok(None) };
        read(&path).map_err(|kind| SecretError::new(reference.clone(), kind))
    }
}

fn read(path: &Path) -> Result<Option<Secret<String>>, SecretErrorKind> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SecretErrorKind::Unreadable(error)),
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(SecretErrorKind::Exposed(path.display().to_string()));
    }
    let mut text = fs::read_to_string(path).map_err(SecretErrorKind::Unreadable)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(Some(Secret::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(mode: u32) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "s3cret\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    #[tokio::test]
    async fn a_private_file_is_read_without_its_newline() {
        let folder = folder_with(0o600);
        let secrets = FileSecrets::in_folder(folder.path());
        let secret = secrets.resolve(&"file:token".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(secret.expose(), "s3cret");
    }

    #[tokio::test]
    async fn an_exposed_file_is_refused_with_the_mending_command() {
        let folder = folder_with(0o644);
        let secrets = FileSecrets::in_folder(folder.path());
        let error = secrets.resolve(&"file:token".parse().unwrap()).await.unwrap_err();
        assert!(error.kind().to_string().contains("chmod 600"), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn a_name_cannot_leave_the_folder() {
        let folder = folder_with(0o600);
        let inside = folder.path().join("inner");
        fs::create_dir(&inside).unwrap();
        let secrets = FileSecrets::in_folder(inside);
        assert!(secrets.resolve(&"file:../token".parse().unwrap()).await.unwrap().is_none());
    }
}
