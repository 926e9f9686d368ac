use std::{fmt, path::PathBuf};

use harmony_phases::SecretRef;
use serde::{Deserialize, Serialize};

/// Something to log in with. It names secrets and holds none.
///
/// Unless told otherwise a login tries [`Agent`](Self::Agent) and [`Identities`](Self::Identities), as `ssh` does.
///
/// # Examples
/// ```
/// use harmony_providers::ssh::Credential;
///
/// let credentials = [
///     Credential::Agent,
///     Credential::key_file("/home/ops/.ssh/site", Some("env:SITE_KEY_PASSPHRASE".parse()?)),
///     Credential::Password("file:root-password".parse()?),
/// ];
/// assert_eq!(credentials[2].to_string(), "password file:root-password");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Credential {
    /// The keys of the agent at `SSH_AUTH_SOCK`, or where `IdentityAgent` says.
    Agent,
    /// The key files that the configuration of `ssh` names for the host, or else the usual ones in `~/.ssh`.
    Identities,
    /// A key file.
    KeyFile {
        /// Where it is.
        path: PathBuf,
        /// What it is encrypted with.
        passphrase: Option<SecretRef>,
    },
    /// A password: for the method `password`, or as the one answer that `keyboard-interactive` asks for.
    Password(SecretRef),
}

impl Credential {
    /// A key file, and what it is encrypted with.
    pub fn key_file(path: impl Into<PathBuf>, passphrase: Option<SecretRef>) -> Self {
        Self::KeyFile { path: path.into(), passphrase }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent => f.write_str("agent"),
            Self::Identities => f.write_str("identity files"),
            Self::KeyFile { path, .. } => write!(f, "key {}", path.display()),
            Self::Password(reference) => write!(f, "password {reference}"),
        }
    }
}
