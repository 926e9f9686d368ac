use std::{path::PathBuf, sync::Arc};

use age::secrecy::SecretString;
use harmony_phases::{
    Context, Intent, Permit, Secret, SecretRef,
    secret::{SecretError, SecretSource},
};
use tokio::{sync::OnceCell, task};

use super::{KeyStoreError, SecretName, folder::Folder, vault::Vault};

/// A folder of age-encrypted files, one secret a file; clones are the same store.
///
/// ```
/// use harmony_phases::{Context, Secret};
/// use harmony_providers::key_store::KeyStore;
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let store = KeyStore::in_folder(folder.path().join("keys"));
/// let ctx = Context::builder("lab".parse()?).secret_source(store.clone()).build();
///
/// let token = Secret::new("hunter2".to_owned());
/// store.set(&ctx, &"api-token".parse()?, token).await?;
/// assert_eq!(ctx.secret(&"key:api-token".parse()?).await?.expose(), "hunter2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    vault: Vault,
    passphrase: Option<PassphraseFrom>,
}

/// Where the passphrase comes from, asked at most once.
#[derive(Debug)]
struct PassphraseFrom {
    reference: SecretRef,
    source: Box<dyn SecretSource>,
    known: OnceCell<SecretString>,
}

/// What a rotation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// How many secrets are encrypted to the new key now.
    pub secrets: usize,
}

impl KeyStore {
    /// The store in `folder`, e.g. `keys` in [`Directories::secrets`], whose key lies in
    /// `identity.txt`; both are made when the first secret is set.
    ///
    /// [`Directories::secrets`]: harmony_phases::directories::Directories::secrets
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self::new(folder.into(), None)
    }

    /// The store in `folder`, whose key is encrypted with a passphrase that `source` gives for
    /// `reference`; it is asked for when it is first needed.
    ///
    /// A key that is not encrypted yet is, once it is rotated.
    pub fn with_passphrase(
        folder: impl Into<PathBuf>,
        reference: SecretRef,
        source: impl SecretSource + 'static,
    ) -> Self {
        let (source, known) = (Box::new(source), OnceCell::new());
        Self::new(folder.into(), Some(PassphraseFrom { reference, source, known }))
    }

    fn new(folder: PathBuf, passphrase: Option<PassphraseFrom>) -> Self {
        let vault = Vault::new(Folder::at(folder));
        Self { inner: Arc::new(Inner { vault, passphrase }) }
    }

    /// The secret called `name`, where there is one.
    ///
    /// # Errors
    /// It is there and cannot be read or decrypted.
    pub async fn get(&self, name: &SecretName) -> Result<Option<Secret<String>>, KeyStoreError> {
        let (passphrase, named) = (self.passphrase(false).await?, name.clone());
        let read = self.on_thread(move |vault| vault.get(passphrase.as_ref(), &named)).await;
        read.map_err(|error| error.when(format!("read secret `{name}`")))
    }

    /// The names of all secrets, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn list(&self) -> Result<Vec<SecretName>, KeyStoreError> {
        self.on_thread(Vault::list).await.map_err(|error| error.when("list the secrets"))
    }

    /// The public key (`age1…`) that secrets are encrypted to, for the `age` command; none in a store
    /// that has no secret yet.
    ///
    /// # Errors
    /// The key cannot be read.
    pub async fn recipient(&self) -> Result<Option<String>, KeyStoreError> {
        let passphrase = self.passphrase(false).await?;
        let read = self.on_thread(move |vault| vault.recipient(passphrase.as_ref())).await;
        read.map_err(|error| error.when("read the public key"))
    }

    /// Keeps `secret` under `name`, in the place of what was there.
    ///
    /// # Errors
    /// It cannot be written; what was there is there still.
    pub async fn set(
        &self,
        ctx: &Context,
        name: &SecretName,
        secret: Secret<String>,
    ) -> Result<(), KeyStoreError> {
        let passphrase = self.passphrase(true).await?;
        ctx.effect(Intent::new("set secret", name.as_str()), |permit| {
            let named = name.clone();
            self.change(permit, move |vault, permit| {
                vault.set(permit, passphrase.as_ref(), &named, &secret)
            })
        })
        .await
        .map_err(|error| error.when(format!("set secret `{name}`")))
    }

    /// Removes the secret called `name`; says whether there was one.
    ///
    /// # Errors
    /// It cannot be removed.
    pub async fn remove(&self, ctx: &Context, name: &SecretName) -> Result<bool, KeyStoreError> {
        ctx.effect(Intent::new("remove secret", name.as_str()), |permit| {
            let named = name.clone();
            self.change(permit, move |vault, permit| vault.remove(permit, &named))
        })
        .await
        .map_err(|error| error.when(format!("remove secret `{name}`")))
    }

    /// Makes a new key and encrypts every secret to it.
    ///
    /// # Errors
    /// A secret cannot be read with the present key: then nothing was changed. Or a file cannot be
    /// written: then both keys are kept, every secret can be read, and another rotation completes it.
    pub async fn rotate(&self, ctx: &Context) -> Result<Rotated, KeyStoreError> {
        let passphrase = self.passphrase(true).await?;
        let folder = self.inner.vault.folder.path().display().to_string();
        let rotated = ctx
            .effect(Intent::new("rotate the key of", folder), |permit| {
                self.change(permit, move |vault, permit| vault.rotate(permit, passphrase.as_ref()))
            })
            .await;
        let secrets = rotated.map_err(|error| error.when("rotate the key"))?;
        Ok(Rotated { secrets })
    }

    async fn change<T: Send + 'static>(
        &self,
        permit: Permit,
        work: impl FnOnce(&Vault, &Permit) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        self.on_thread(move |vault| work(vault, &permit)).await
    }

    /// The passphrase, where there is one and the key is encrypted, or is `always` to be.
    async fn passphrase(&self, always: bool) -> Result<Option<SecretString>, KeyStoreError> {
        let Some(from) = &self.inner.passphrase else { return Ok(None) };
        if !always && !self.inner.vault.wants_passphrase() {
            return Ok(None);
        }
        let ask = async || {
            let secret = from.source.resolve(&from.reference).await?;
            let secret = secret.ok_or_else(|| SecretError::unknown(from.reference.clone()))?;
            Ok(SecretString::from(secret.expose().as_str()))
        };
        let known = from.known.get_or_try_init(ask).await;
        known.cloned().map(Some).map_err(KeyStoreError::passphrase)
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let inner = Arc::clone(&self.inner);
        task::spawn_blocking(move || work(&inner.vault)).await.unwrap_or_else(|failed| {
            let path = self.inner.vault.folder.path();
            Err(KeyStoreError::io(path, std::io::Error::other(failed)))
        })
    }

    #[cfg(test)]
    pub(super) fn cut(&self) -> &super::tests::Cut {
        &self.inner.vault.folder.cut
    }
}
