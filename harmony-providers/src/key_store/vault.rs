//! The store itself; its calls block.

use std::sync::{Mutex, PoisonError};

use age::{DecryptError, secrecy::SecretString};
use harmony_phases::{Permit, Secret};
use zeroize::Zeroizing;

use super::{
    KeyStoreError, KeyStoreErrorKind as Kind, SecretName, cipher, folder::Folder, keys::Keys,
};

type Result<T> = std::result::Result<T, KeyStoreError>;
type Passphrase<'a> = Option<&'a SecretString>;

/// The keys as they are.
const PLAIN: &str = "identity.txt";
/// The keys, encrypted with the passphrase.
const SEALED: &str = "identity.age";

#[derive(Debug)]
pub(super) struct Vault {
    pub(super) folder: Folder,
    unlocked: Mutex<Option<Unlocked>>,
}

/// Keys that a passphrase has opened, which takes a second on purpose, and the file they came from.
#[derive(Debug)]
struct Unlocked {
    sealed: Zeroizing<Vec<u8>>,
    keys: Keys,
}

impl Vault {
    pub(super) fn new(folder: Folder) -> Self {
        Self { folder, unlocked: Mutex::default() }
    }

    /// Whether a passphrase is needed to open the keys.
    pub(super) fn wants_passphrase(&self) -> bool {
        self.folder.file(SEALED).exists()
    }

    pub(super) fn get(
        &self,
        passphrase: Passphrase<'_>,
        name: &SecretName,
    ) -> Result<Option<Secret<String>>> {
        if !self.folder.exists() {
            return Ok(None);
        }
        self.folder.check()?;
        let _lock = self.folder.lock(false)?;
        let Some(sealed) = self.folder.read(&name.file())? else { return Ok(None) };
        let keys = self.keys(passphrase)?.ok_or_else(|| self.no_identity())?;
        let mut plain = self.opened(&keys, &name.file(), &sealed)?;
        // Moved, not copied, into what is overwritten when it is dropped.
        match String::from_utf8(std::mem::take(&mut *plain)) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(KeyStoreError::new(Kind::NotText))
            }
        }
    }

    pub(super) fn set(
        &self,
        permit: &Permit,
        passphrase: Passphrase<'_>,
        name: &SecretName,
        secret: &Secret<String>,
    ) -> Result<()> {
        self.folder.make(permit)?;
        let _lock = self.folder.lock(true)?;
        let keys = self.keys_or_new(permit, passphrase)?;
        let sealed = self.sealed(&keys, secret.expose().as_bytes())?;
        self.folder.replace(permit, &name.file(), &sealed)
    }

    pub(super) fn remove(&self, permit: &Permit, name: &SecretName) -> Result<bool> {
        if !self.folder.exists() {
            return Ok(false);
        }
        self.folder.check()?;
        let _lock = self.folder.lock(true)?;
        self.folder.remove(permit, &name.file())
    }

    pub(super) fn list(&self) -> Result<Vec<SecretName>> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let files = self.folder.names()?;
        let mut names: Vec<_> = files.iter().filter_map(|file| SecretName::of_file(file)).collect();
        names.sort();
        Ok(names)
    }

    /// The public key that secrets are encrypted to.
    pub(super) fn recipient(&self, passphrase: Passphrase<'_>) -> Result<Option<String>> {
        let keys = if self.folder.exists() { self.keys(passphrase)? } else { None };
        Ok(keys.and_then(|keys| keys.recipient()).map(|recipient| recipient.to_string()))
    }

    /// Encrypts everything to a new key; says how many secrets there are.
    ///
    /// The keys on disk open every secret at every moment: the new one is there before the first secret
    /// is encrypted to it, and the old ones until the last one is.
    pub(super) fn rotate(&self, permit: &Permit, passphrase: Passphrase<'_>) -> Result<usize> {
        self.folder.make(permit)?;
        let _lock = self.folder.lock(true)?;
        let names = self.list()?;
        let old = self.keys(passphrase)?.unwrap_or_default();
        for name in &names {
            self.read(&old, name)?; // what no key opens would be lost for good
        }
        let both = old.with_new();
        self.write_keys(permit, passphrase, &both)?;
        for name in &names {
            let plain = self.read(&both, name)?;
            let sealed = self.sealed(&both, &plain)?;
            self.folder.replace(permit, &name.file(), &sealed)?;
        }
        self.write_keys(permit, passphrase, &both.newest())?;
        if passphrase.is_some() {
            self.folder.remove(permit, PLAIN)?;
        }
        Ok(names.len())
    }

    fn read(&self, keys: &Keys, name: &SecretName) -> Result<Zeroizing<Vec<u8>>> {
        let file = name.file();
        let sealed = self.folder.read(&file)?.unwrap_or_default();
        self.opened(keys, &file, &sealed)
    }

    fn opened(&self, keys: &Keys, file: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        cipher::open(keys.identities(), sealed).map_err(|error| {
            let path = self.folder.file(file);
            KeyStoreError::new(match error {
                DecryptError::NoMatchingKeys => Kind::NoMatchingKey(path),
                _ => Kind::Damaged(path),
            })
        })
    }

    fn sealed(&self, keys: &Keys, plain: &[u8]) -> Result<Vec<u8>> {
        let recipient = keys.recipient().ok_or_else(|| self.no_identity())?;
        cipher::seal(&recipient, plain)
            .map_err(|error| KeyStoreError::io(self.folder.path(), error))
    }

    fn keys_or_new(&self, permit: &Permit, passphrase: Passphrase<'_>) -> Result<Keys> {
        match self.keys(passphrase)? {
            Some(keys) => Ok(keys),
            None if !self.list()?.is_empty() => Err(self.no_identity()),
            None => {
                let keys = Keys::default().with_new();
                self.write_keys(permit, passphrase, &keys)?;
                Ok(keys)
            }
        }
    }

    /// All keys on disk; a rotation that was cut off has left several.
    fn keys(&self, passphrase: Passphrase<'_>) -> Result<Option<Keys>> {
        let damaged = |file| KeyStoreError::new(Kind::Damaged(self.folder.file(file)));
        let plain = match self.folder.read_key(PLAIN)? {
            Some(text) => Some(Keys::parse(&text).ok_or_else(|| damaged(PLAIN))?),
            None => None,
        };
        let sealed = match self.folder.read_key(SEALED)? {
            Some(sealed) => Some(self.unlock(passphrase, sealed)?),
            None => None,
        };
        Ok(match (sealed, plain) {
            (Some(sealed), Some(plain)) => Some(sealed.and(plain)),
            (sealed, plain) => sealed.or(plain),
        })
    }

    fn unlock(&self, passphrase: Passphrase<'_>, sealed: Zeroizing<Vec<u8>>) -> Result<Keys> {
        let mut unlocked = self.unlocked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = unlocked.as_ref().filter(|known| known.sealed == sealed) {
            return Ok(known.keys.clone());
        }
        let path = || self.folder.file(SEALED);
        let passphrase = passphrase.ok_or_else(|| KeyStoreError::new(Kind::PassphraseMissing))?;
        let text = cipher::open_with(passphrase, &sealed).map_err(|error| {
            KeyStoreError::new(match error {
                DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                    Kind::WrongPassphrase(path())
                }
                _ => Kind::Damaged(path()),
            })
        })?;
        let keys = Keys::parse(&text).ok_or_else(|| KeyStoreError::new(Kind::Damaged(path())))?;
        *unlocked = Some(Unlocked { sealed, keys: keys.clone() });
        Ok(keys)
    }

    fn write_keys(&self, permit: &Permit, passphrase: Passphrase<'_>, keys: &Keys) -> Result<()> {
        let text = keys.text();
        let Some(passphrase) = passphrase else {
            return self.folder.replace(permit, PLAIN, text.as_bytes());
        };
        let sealed = cipher::seal_with(passphrase, text.as_bytes());
        let sealed = sealed.map_err(|error| KeyStoreError::io(self.folder.file(SEALED), error))?;
        self.folder.replace(permit, SEALED, &sealed)
    }

    fn no_identity(&self) -> KeyStoreError {
        KeyStoreError::new(Kind::NoIdentity(self.folder.path().to_owned()))
    }
}
