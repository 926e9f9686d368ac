mod crash;
mod cut;
mod rules;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
pub(super) use cut::Cut;
use harmony_phases::{
    Context, Secret, SecretRef,
    secret::{SecretError, SecretSource},
};

use super::{KeyStore, SecretName};

fn context() -> Context {
    Context::for_site("lab".parse().unwrap())
}

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A passphrase, and how often it was asked for.
#[derive(Clone, Debug)]
struct Asked(&'static str, Arc<AtomicUsize>);

#[async_trait]
impl SecretSource for Asked {
    async fn resolve(&self, _: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(Some(secret(self.0)))
    }
}

fn guarded(folder: &Path, passphrase: &'static str) -> (KeyStore, Arc<AtomicUsize>) {
    let asked = Asked(passphrase, Arc::default());
    let times = Arc::clone(&asked.1);
    (KeyStore::with_passphrase(folder, "prompt:passphrase".parse().unwrap(), asked), times)
}

async fn read(store: &KeyStore, of: &str) -> Option<String> {
    store.get(&name(of)).await.unwrap().map(|secret| secret.expose().clone())
}
