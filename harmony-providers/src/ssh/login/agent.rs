//! The agent that holds the user's keys.

use std::env;

use russh::keys::{
    Error, PublicKey,
    agent::{AgentIdentity, AgentSessionBinding, client::AgentClient},
};
use tokio::net::UnixStream;

use crate::ssh::config::AgentSocket;

/// A connection to an agent, and the keys it may be asked to sign with.
pub(super) struct Agent {
    pub(super) client: AgentClient<UnixStream>,
    pub(super) keys: Vec<PublicKey>,
}

/// Connects to the agent and asks what it holds: `first` go first, and alone if `only_those`.
///
/// # Errors
/// In words, why there is no agent or nothing in it.
pub(super) async fn connect(
    socket: &AgentSocket,
    binding: Option<&AgentSessionBinding>,
    first: &[PublicKey],
    only_those: bool,
) -> Result<Agent, String> {
    let path = match socket {
        AgentSocket::At(path) => path.clone(),
        AgentSocket::Environment => {
            env::var_os("SSH_AUTH_SOCK").ok_or("SSH_AUTH_SOCK is not set")?.into()
        }
        AgentSocket::None => return Err("switched off by IdentityAgent".to_owned()),
    };
    let unreachable = |error: Error| format!("{} does not answer ({error})", path.display());
    let mut client = AgentClient::connect_uds(&path).await.map_err(unreachable)?;
    if let Some(binding) = binding {
        // Only OpenSSH's agent knows it, and only keys with constraints need it.
        drop(client.bind_session(binding, false).await);
    }
    let held = client.request_identities().await.map_err(unreachable)?;
    if held.is_empty() {
        return Err("it holds no key; run: ssh-add".to_owned());
    }
    let mut keys: Vec<PublicKey> = held
        .into_iter()
        .filter_map(|identity| match identity {
            AgentIdentity::PublicKey { key, .. } => Some(key),
            AgentIdentity::Certificate { .. } => None,
        })
        .collect();
    let place = |key: &PublicKey| {
        first.iter().position(|it| it.key_data() == key.key_data()).unwrap_or(first.len())
    };
    if only_those {
        keys.retain(|key| place(key) < first.len());
        if keys.is_empty() {
            return Err("it holds none of the named keys (IdentitiesOnly)".to_owned());
        }
    }
    // Stable: otherwise in the agent's own order.
    keys.sort_by_key(place);
    Ok(Agent { client, keys })
}
