use std::{collections::BTreeMap, io};

use async_trait::async_trait;
use harmony_phases::{
    Secret, SecretRef,
    secret::{SecretError, SecretErrorKind, SecretSource},
};
use tokio::{sync::Mutex, task};

use crate::console::Console;

/// Secrets that the operator types: `prompt:NAME`. Each is asked for once in a run.
#[derive(Debug)]
pub(crate) struct PromptedSecrets {
    console: Console,
    /// Locked while somebody is asked, so that two questions do not stand on one line.
    told: Mutex<BTreeMap<String, Secret<String>>>,
}

impl PromptedSecrets {
    pub(crate) fn of(console: Console) -> Self {
        Self { console, told: Mutex::default() }
    }

    async fn ask(&self, name: &str) -> io::Result<Secret<String>> {
        let (console, question) = (self.console.clone(), name.escape_debug().to_string());
        let asked = task::spawn_blocking(move || console.ask_secret(&question));
        let told = asked.await.map_err(io::Error::other)?.unwrap_or_else(|| {
            let why = "nobody can be asked here: there is no terminal; refer to the secret as env:NAME, file:NAME or key:NAME instead";
            Err(io::Error::other(why))
        });
        told.map(Secret::new)
    }
}

#[async_trait]
impl SecretSource for PromptedSecrets {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        if reference.source() != "prompt" {
            return Ok(None);
        }
        let mut told = self.told.lock().await;
        if !told.contains_key(reference.name()) {
            let secret = self.ask(reference.name()).await.map_err(|error| {
                SecretError::new(reference.clone(), SecretErrorKind::Unreadable(error))
            })?;
            told.insert(reference.name().to_owned(), secret);
        }
        Ok(told.get(reference.name()).map(|secret| Secret::new(secret.expose().clone())))
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn reference() -> SecretRef {
        "prompt:sudo password".parse().unwrap()
    }

    #[tokio::test]
    async fn the_operator_is_asked_once_in_a_run() {
        let (console, _, _) = Console::captured(Some("hunter2"));
        let source = PromptedSecrets::of(console);
        for _ in 0..2 {
            let secret = source.resolve(&reference()).await.unwrap().unwrap();
            assert_eq!(secret.expose(), "hunter2");
        }
        assert_eq!(source.told.lock().await.len(), 1);
        assert!(source.resolve(&"env:A".parse().unwrap()).await.unwrap().is_none());
        assert!(!format!("{:?}", source.told).contains("hunter2"));
    }

    #[tokio::test]
    async fn without_a_terminal_it_is_refused_with_what_to_do() {
        let (console, _, _) = Console::captured(None);
        let error = PromptedSecrets::of(console).resolve(&reference()).await.unwrap_err();
        assert_eq!(error.to_string(), "failed to resolve secret prompt:sudo password");
        let why = error.source().unwrap().source().unwrap().to_string();
        assert!(why.starts_with("nobody can be asked here: there is no terminal"), "{why}");
        assert!(why.contains("env:NAME"), "{why}");
    }
}
