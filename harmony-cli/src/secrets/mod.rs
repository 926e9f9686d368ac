//! Where a program's secrets come from.

mod files;
#[cfg(feature = "key-store")]
mod key_store;
mod prompted;
#[cfg(feature = "key-store")]
mod verb;

pub(crate) use files::OwnSecrets;
#[cfg(feature = "key-store")]
pub(crate) use key_store::OwnKeyStore;
pub(crate) use prompted::PromptedSecrets;
#[cfg(feature = "key-store")]
pub(crate) use verb::SecretsVerb;
