use std::io::{self, Read};

use clap::Subcommand;
use harmony_phases::{BoxError, Context, Secret};
use harmony_providers::key_store::{KeyStore, SecretName};

use super::OwnKeyStore;
use crate::{Exit, console::Console, failure, session::Ended};

/// What can be done with the operator's key store.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum SecretsVerb {
    /// Print the names of all secrets.
    List,
    /// Print the public key, for `age -r`.
    PublicKey,
    /// Remove a secret.
    Remove {
        /// Its name.
        name: SecretName,
    },
    /// Make a new key and encrypt every secret to it.
    Rotate {
        /// Encrypt the key itself with a passphrase, which is asked for.
        #[arg(long)]
        passphrase: bool,
    },
    /// Keep a secret: typed twice at a terminal, or read from the standard input.
    Set {
        /// Its name; scores refer to it as key:NAME.
        name: SecretName,
    },
}

impl SecretsVerb {
    pub(crate) async fn run(self, site: &str, console: Console) -> Ended {
        let done = self.done(site, &console).await;
        done.map_err(|error| failure::report(&console, &*error))
    }

    async fn done(self, site: &str, console: &Console) -> Result<Exit, BoxError> {
        let ctx = Context::for_site(site.parse()?);
        let own = OwnKeyStore::of(console.clone());
        let store = match self {
            Self::Rotate { passphrase: true } => &own.guarded(OwnKeyStore::folder()?),
            _ => own.store().await?,
        };
        self.act(&ctx, store, console).await
    }

    async fn act(
        self,
        ctx: &Context,
        store: &KeyStore,
        console: &Console,
    ) -> Result<Exit, BoxError> {
        match self {
            Self::List => {
                for name in store.list().await? {
                    console.result(name.as_str());
                }
            }
            Self::PublicKey => match store.recipient().await? {
                Some(key) => console.result(&key),
                None => console.note("there is no key yet; it is made when a secret is set"),
            },
            Self::Remove { name } => {
                let there = store.remove(ctx, &name).await?;
                console
                    .note(&format!("{name}: {}", if there { "removed" } else { "was not there" }));
            }
            Self::Rotate { .. } => {
                let rotated = store.rotate(ctx).await?;
                console.note(&format!("{} secrets are encrypted to a new key", rotated.secrets));
            }
            Self::Set { name } => {
                let Some(secret) = given(console, &name)? else {
                    console.note("error: the two were not the same; nothing was changed");
                    return Ok(Exit::Usage);
                };
                store.set(ctx, &name, secret).await?;
                console.note(&format!("{name}: set"));
            }
        }
        Ok(Exit::Success)
    }
}

/// The secret that the operator types, or pipes in; none when it was not typed twice alike.
fn given(console: &Console, name: &SecretName) -> io::Result<Option<Secret<String>>> {
    let Some(first) = console.ask_secret(&format!("secret {name}")) else {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        if text.ends_with('\n') {
            text.pop();
        }
        return Ok(Some(Secret::new(text)));
    };
    let first = Secret::new(first?);
    let again = console.ask_secret(&format!("secret {name}, again")).transpose()?.map(Secret::new);
    let alike = again.is_some_and(|again| again.expose() == first.expose());
    Ok(alike.then_some(first))
}
