use std::{io, path::PathBuf};

use async_trait::async_trait;
use harmony_phases::{
    Secret, SecretRef,
    directories::{Directories, DirectoryError},
    secret::{SecretError, SecretErrorKind, SecretSource},
};
use harmony_providers::key_store::KeyStore;
use tokio::sync::OnceCell;

use super::PromptedSecrets;
use crate::console::Console;

/// The key store in the operator's own folder for secrets, which is looked for only when one is wanted.
#[derive(Debug)]
pub(crate) struct OwnKeyStore {
    console: Console,
    store: OnceCell<KeyStore>,
}

impl OwnKeyStore {
    pub(crate) fn of(console: Console) -> Self {
        Self { console, store: OnceCell::new() }
    }

    /// The store; the operator is asked for the passphrase where its key has one.
    pub(crate) async fn store(&self) -> Result<&KeyStore, DirectoryError> {
        self.store
            .get_or_try_init(async || {
                let folder = Self::folder()?;
                let guarded = folder.join("identity.age").exists();
                Ok(if guarded { self.guarded(folder) } else { KeyStore::in_folder(folder) })
            })
            .await
    }

    pub(crate) fn folder() -> Result<PathBuf, DirectoryError> {
        Ok(Directories::from_environment()?.secrets()?.join("keys"))
    }

    /// The store whose key has a passphrase, or is to have one.
    pub(crate) fn guarded(&self, folder: PathBuf) -> KeyStore {
        let source = PromptedSecrets::of(self.console.clone());
        KeyStore::with_passphrase(folder, Self::passphrase(), source)
    }

    fn passphrase() -> SecretRef {
        // invariant: it has a source and a name.
        "prompt:passphrase of the key store".parse().expect("a reference")
    }
}

#[async_trait]
impl SecretSource for OwnKeyStore {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "key" {
            return Ok(None);
        }
        let store = self.store().await.map_err(|error| {
            let kind = SecretErrorKind::Unreadable(io::Error::other(error));
            SecretError::new(reference.clone(), kind)
        })?;
        store.resolve(reference).await
    }
}
