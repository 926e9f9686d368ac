use std::{io, path::PathBuf};

use harmony_phases::{context::EffectError, secret::SecretError};
use thiserror::Error;

/// Why a key store did not do what it was asked. It names secrets and files, never their content.
#[derive(Debug, Error)]
#[error("{what}: {kind}")]
pub struct KeyStoreError {
    what: String,
    kind: KeyStoreErrorKind,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyStoreErrorKind {
    /// The run was cancelled, or stopped by a fault, before anything was changed.
    #[error("not begun")]
    NotBegun,
    /// A file is not what age writes, or was changed since.
    #[error("{} is damaged; restore it from a backup, or remove it and set the secret again", .0.display())]
    Damaged(PathBuf),
    /// Others than its owner can get at it.
    #[error("others than its owner can get at {path}; run: chmod {mode} {path}", path = .path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// What its permissions should be.
        mode: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be read or written", .0.display())]
    Io(PathBuf),
    /// There are secrets, and the key that they are encrypted to is gone.
    #[error("there is no key in {}; restore identity.txt or identity.age from a backup", .0.display())]
    NoIdentity(PathBuf),
    /// None of the keys here opens the file.
    #[error("{} is encrypted to another key; remove it and set the secret again, or put its key into identity.txt", .0.display())]
    NoMatchingKey(PathBuf),
    /// A secret that is not UTF-8.
    #[error("the secret is not a text in UTF-8")]
    NotText,
    /// The key is encrypted, and nobody said with which passphrase.
    #[error("the key is encrypted with a passphrase; say where that comes from")]
    PassphraseMissing,
    /// The passphrase could not be had.
    #[error("the passphrase of the key could not be had")]
    PassphraseUnknown,
    /// The passphrase opens nothing.
    #[error("the passphrase does not open the key in {}", .0.display())]
    WrongPassphrase(PathBuf),
}

impl KeyStoreError {
    pub(super) fn new(kind: KeyStoreErrorKind) -> Self {
        Self { what: "use the key store".to_owned(), kind, source: None }
    }

    pub(super) fn io(path: impl Into<PathBuf>, error: io::Error) -> Self {
        Self { source: Some(error.into()), ..Self::new(KeyStoreErrorKind::Io(path.into())) }
    }

    pub(super) fn passphrase(error: SecretError) -> Self {
        Self { source: Some(error.into()), ..Self::new(KeyStoreErrorKind::PassphraseUnknown) }
    }

    /// Says what was asked, a fragment that reads after "failed to".
    pub(super) fn when(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// What was wrong.
    pub const fn kind(&self) -> &KeyStoreErrorKind {
        &self.kind
    }
}

impl From<EffectError> for KeyStoreError {
    fn from(error: EffectError) -> Self {
        let what = error.intent().to_string();
        Self { what, kind: KeyStoreErrorKind::NotBegun, source: Some(error.into()) }
    }
}
