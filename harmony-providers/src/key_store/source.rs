use std::io;

use async_trait::async_trait;
use harmony_phases::{
    Secret, SecretRef,
    secret::{SecretError, SecretErrorKind, SecretSource},
};

use super::{KeyStore, SecretName};

/// Answers for `key:NAME`.
#[async_trait]
impl SecretSource for KeyStore {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "key" {
            return Ok(None);
        }
        let refuse = |error| SecretErrorKind::Unreadable(io::Error::other(error));
        let Ok(name) = reference.name().parse::<SecretName>() else { return Ok(None) };
        self.get(&name).await.map_err(|error| SecretError::new(reference.clone(), refuse(error)))
    }
}
