use std::sync::Arc;

use harmony_phases::Secret;
use russh::{
    MethodKind, MethodSet,
    client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse as Asked, Prompt},
    keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey},
};

use super::{
    Attempt, LoginError, Outcome,
    agent::{self, Agent},
    key_file::KeyFile,
    resolve::ResolvedCredential,
};
use crate::ssh::{config::AgentSocket, trust::Fingerprint};

/// A login that succeeded.
#[derive(Clone, Debug)]
pub(in crate::ssh) struct LoggedIn {
    /// The key it succeeded with, if it was one.
    pub(in crate::ssh) key: Option<PublicKey>,
}

/// Logs in as `user`, trying `credentials` in their order; a key that is known to work goes before all of them.
///
/// # Errors
/// None was accepted, or the connection ended.
pub(in crate::ssh) async fn authenticate<H: Handler>(
    handle: &mut Handle<H>,
    user: &str,
    credentials: &[ResolvedCredential],
    likely: Option<&PublicKey>,
) -> Result<LoggedIn, LoginError> {
    let mut login = Login { handle, user, tried: Vec::new(), taken: None };
    for credential in credentials {
        let key = match credential {
            ResolvedCredential::Agent { socket, first, only_those } => {
                let first: Vec<PublicKey> = likely.into_iter().chain(first).cloned().collect();
                login.with_agent(socket, &first, *only_those && likely.is_none()).await
            }
            ResolvedCredential::Key(file) => login.with_key_file(file).await,
            ResolvedCredential::Password { name, password } => {
                login.with_password(name, password).await
            }
            ResolvedCredential::Missing(attempt) => {
                login.tried.push(attempt.clone());
                Ok(None)
            }
        };
        match key {
            Ok(Some(key)) => return Ok(LoggedIn { key }),
            Ok(None) => {}
            Err(Ended(source)) => return Err(login.failed().ended(source)),
        }
    }
    Err(login.failed())
}

/// A login on its way.
struct Login<'a, H: Handler> {
    handle: &'a mut Handle<H>,
    user: &'a str,
    tried: Vec<Attempt>,
    /// What the server takes, once it has said so.
    taken: Option<MethodSet>,
}

/// The connection ended.
struct Ended(Option<russh::Error>);

/// `Some` when the login has succeeded, with the key that did it.
type Tried = Result<Option<Option<PublicKey>>, Ended>;

impl<H: Handler> Login<'_, H> {
    async fn with_agent(
        &mut self,
        socket: &AgentSocket,
        first: &[PublicKey],
        only_those: bool,
    ) -> Tried {
        if !self.is_taken(MethodKind::PublicKey) {
            self.tried.push(Attempt::new("agent", Outcome::NotOffered));
            return Ok(None);
        }
        let binding = self.handle.agent_session_binding();
        let Agent { mut client, keys } =
            match agent::connect(socket, binding, first, only_those).await {
                Ok(agent) => agent,
                Err(why) => {
                    self.tried.push(Attempt::unusable("agent", why));
                    return Ok(None);
                }
            };
        for key in keys {
            let name = format!("agent key {}", shown(&key));
            let Some(hash) = self.hash_for(&key, &name).await? else { continue };
            let user = self.user.to_owned();
            let asked =
                self.handle.authenticate_publickey_with(user, key.clone(), hash, &mut client);
            match asked.await {
                Ok(result) => {
                    if self.accepted(name, result)? {
                        return Ok(Some(Some(key)));
                    }
                }
                Err(_) if self.handle.is_closed() => return Err(Ended(None)),
                // The error may quote what the agent said; that it would not sign is all there is to know.
                Err(_) => {
                    self.tried.push(Attempt::unusable(name, "the agent did not sign with it"));
                }
            }
            if !self.is_taken(MethodKind::PublicKey) {
                break;
            }
        }
        Ok(None)
    }

    async fn with_key_file(&mut self, file: &KeyFile) -> Tried {
        let name = format!("key {}", file.path().display());
        if !self.is_taken(MethodKind::PublicKey) {
            self.tried.push(Attempt::new(name, Outcome::NotOffered));
            return Ok(None);
        }
        let key: Arc<PrivateKey> = match file.key().await {
            Ok(key) => key,
            Err(why) => {
                log::warn!("{name} is passed over: {why}");
                self.tried.push(Attempt::unusable(name, why));
                return Ok(None);
            }
        };
        let public = key.public_key().clone();
        let name = format!("{name} ({})", shown(&public));
        let Some(hash) = self.hash_for(&public, &name).await? else { return Ok(None) };
        let key = PrivateKeyWithHashAlg::new(key, hash);
        let result = self.handle.authenticate_publickey(self.user, key).await;
        let result = result.map_err(|error| Ended(Some(error)))?;
        Ok(self.accepted(name, result)?.then_some(Some(public)))
    }

    async fn with_password(&mut self, name: &str, password: &Secret<String>) -> Tried {
        if self.is_taken(MethodKind::Password) {
            let asked = self.handle.authenticate_password(self.user, password.expose()).await;
            let result = asked.map_err(|error| Ended(Some(error)))?;
            if self.accepted(name.to_owned(), result)? {
                return Ok(Some(None));
            }
        } else {
            self.tried.push(Attempt::new(name, Outcome::NotOffered));
        }
        let name = format!("{name} (keyboard-interactive)");
        if !self.is_taken(MethodKind::KeyboardInteractive) {
            return Ok(None);
        }
        let result = self.answer(password).await.map_err(|error| Ended(Some(error)))?;
        Ok(self.accepted(name, result)?.then_some(None))
    }

    /// Answers what the server asks: the one hidden question of the first round with the password, and anything
    /// else with nothing, because it asks for something that is not the password.
    async fn answer(&mut self, password: &Secret<String>) -> Result<AuthResult, russh::Error> {
        const ROUNDS: usize = 8;
        let mut asked =
            self.handle.authenticate_keyboard_interactive_start(self.user, None).await?;
        let mut given = false;
        for _ in 0..ROUNDS {
            match asked {
                Asked::Success => return Ok(AuthResult::Success),
                Asked::Failure { remaining_methods, partial_success } => {
                    return Ok(AuthResult::Failure { remaining_methods, partial_success });
                }
                Asked::InfoRequest { prompts, .. } => {
                    let answers = answers(&prompts, password, &mut given);
                    asked = self.handle.authenticate_keyboard_interactive_respond(answers).await?;
                }
            }
        }
        Err(russh::Error::Inconsistent)
    }

    /// How a key signs: RSA with SHA-2, others as they do. `None` when the server wants SHA-1, which is not done.
    async fn hash_for(
        &mut self,
        key: &PublicKey,
        name: &str,
    ) -> Result<Option<Option<HashAlg>>, Ended> {
        if !key.algorithm().is_rsa() {
            return Ok(Some(None));
        }
        let best = self.handle.best_supported_rsa_hash().await;
        match best.map_err(|error| Ended(Some(error)))? {
            Some(Some(hash)) => Ok(Some(Some(hash))),
            // It did not say; every server since 2016 takes this one.
            None => Ok(Some(Some(HashAlg::Sha512))),
            Some(None) => {
                let why = "the server takes RSA only with SHA-1, which is broken";
                self.tried.push(Attempt::unusable(name, why));
                Ok(None)
            }
        }
    }

    fn is_taken(&self, method: MethodKind) -> bool {
        self.taken.as_ref().is_none_or(|taken| taken.contains(&method))
    }

    /// Notes how an attempt ended; whether the login has succeeded.
    fn accepted(&mut self, name: String, result: AuthResult) -> Result<bool, Ended> {
        match result {
            AuthResult::Success => Ok(true),
            // The library says so too when the connection has ended.
            AuthResult::Failure { .. } if self.handle.is_closed() => {
                if !self.tried.is_empty() {
                    self.tried.push(Attempt::new(name, Outcome::Refused));
                }
                Err(Ended(None))
            }
            AuthResult::Failure { remaining_methods, partial_success } => {
                let outcome = if partial_success { Outcome::NotEnough } else { Outcome::Refused };
                self.tried.push(Attempt::new(name, outcome));
                self.taken = Some(remaining_methods);
                Ok(false)
            }
        }
    }

    fn failed(&mut self) -> LoginError {
        let taken = self.taken.iter().flat_map(|methods| methods.iter()).map(Into::into).collect();
        LoginError::new(self.user, std::mem::take(&mut self.tried), taken)
    }
}

fn answers(prompts: &[Prompt], password: &Secret<String>, given: &mut bool) -> Vec<String> {
    let is_password = matches!(prompts, [Prompt { echo: false, .. }]) && !*given;
    *given |= !prompts.is_empty();
    let answer = if is_password { password.expose().clone() } else { String::new() };
    vec![answer; prompts.len()]
}

fn shown(key: &PublicKey) -> String {
    format!("{} {}", key.algorithm(), Fingerprint::of(key))
}
