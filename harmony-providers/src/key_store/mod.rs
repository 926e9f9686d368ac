//! Secrets in a folder of [age](https://age-encryption.org)-encrypted files, one secret a file.
//!
//! ```text
//! identity.txt   the key, for its owner only; with a passphrase: identity.age, encrypted with it
//! NAME.age       a secret, encrypted to the key, in age's ASCII armor
//! ```
//!
//! The `age` command reads what is written here, and the other way round:
//! `age -d -i identity.txt token.age`. A secret is what was given, byte for byte: a file that was
//! written with `echo` ends with a newline, and so does its secret.
//!
//! Every change replaces whole files. While the key is rotated, the new key and the old one are both on
//! disk until every file is encrypted to the new one, so that a crash at any point leaves every secret
//! readable; the next rotation completes what an earlier one began.
//!
//! As a [`SecretSource`](harmony_phases::secret::SecretSource), a [`KeyStore`] answers for `key:NAME`.

mod cipher;
mod error;
mod folder;
mod keys;
mod name;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod vault;

pub use error::{KeyStoreError, KeyStoreErrorKind};
pub use name::SecretName;
pub use store::{KeyStore, Rotated};
