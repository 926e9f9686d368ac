use harmony_phases::{Context, Secret, SecretRef};
use russh::keys::PublicKey;

use super::{Attempt, Credential, key_file, key_file::KeyFile};
use crate::ssh::config::{AgentSocket, Target};

/// A credential with its secret, for as long as the connection may have to be made again. What it prints as holds
/// no secret.
#[derive(Debug)]
pub(in crate::ssh) enum ResolvedCredential {
    /// An agent, and the keys that alone it may be asked for.
    Agent { socket: AgentSocket, first: Vec<PublicKey>, only_those: bool },
    /// A key file.
    Key(KeyFile),
    /// A password, and where it came from.
    Password { name: String, password: Secret<String> },
    /// What could not be had.
    Missing(Attempt),
}

/// Gets the secrets of `credentials`; none stand for those that `ssh` would try.
///
/// A secret that cannot be had is kept as that: another credential may do, and the error names it if none does.
pub(in crate::ssh) async fn resolve(
    ctx: &Context,
    credentials: &[Credential],
    target: &Target,
) -> Vec<ResolvedCredential> {
    let usual = [Credential::Agent, Credential::Identities];
    let credentials = if credentials.is_empty() { &usual } else { credentials };
    let mut resolved = Vec::new();
    for credential in credentials {
        match credential {
            Credential::Agent => resolved.push(agent(target)),
            Credential::Identities => {
                let files = identities(target).into_iter();
                resolved
                    .extend(files.map(|path| ResolvedCredential::Key(KeyFile::new(path, None))));
            }
            Credential::KeyFile { path, passphrase } => {
                let opened = match passphrase {
                    None => Ok(None),
                    Some(reference) => secret(ctx, reference, credential).await.map(Some),
                };
                resolved.push(match opened {
                    Ok(passphrase) => {
                        ResolvedCredential::Key(KeyFile::new(path.clone(), passphrase))
                    }
                    Err(missing) => missing,
                });
            }
            Credential::Password(reference) => {
                let password = secret(ctx, reference, credential).await;
                let name = credential.to_string();
                resolved.push(match password {
                    Ok(password) => ResolvedCredential::Password { name, password },
                    Err(missing) => missing,
                });
            }
        }
    }
    resolved
}

async fn secret(
    ctx: &Context,
    reference: &SecretRef,
    credential: &Credential,
) -> Result<Secret<String>, ResolvedCredential> {
    ctx.secret(reference).await.map_err(|error| {
        let why = format!("{error}: {}", error.kind());
        ResolvedCredential::Missing(Attempt::unusable(credential.to_string(), why))
    })
}

/// An agent asks for every key in turn, and a server allows few: those that are named for the host go first.
fn agent(target: &Target) -> ResolvedCredential {
    let named = identities(target).into_iter().map(|path| KeyFile::new(path, None));
    ResolvedCredential::Agent {
        socket: target.agent.clone(),
        first: named.filter_map(|file| file.public_key()).collect(),
        only_those: target.identities_only,
    }
}

fn identities(target: &Target) -> Vec<std::path::PathBuf> {
    if target.identity_files.is_empty() { key_file::usual() } else { target.identity_files.clone() }
}
