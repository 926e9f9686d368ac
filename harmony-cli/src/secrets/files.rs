use std::io;

use async_trait::async_trait;

use harmony_phases::{
    Secret, SecretRef,
    directories::Directories,
    secret::{FileSecrets, SecretError, SecretErrorKind, SecretSource},
};

/// The files of the operator's own folder for secrets, which is looked for only when one is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnSecrets;

#[async_trait]
impl SecretSource for OwnSecrets {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "file" {
            return Ok(None);
        }
        let folder = Directories::from_environment()
            .and_then(|directories| directories.secrets().map(FileSecrets::in_folder))
            .map_err(|error| {
                let kind = SecretErrorKind::Unreadable(io::Error::other(error));
                SecretError::new(reference.clone(), kind)
            })?;
        folder.resolve(reference).await
    }
}
