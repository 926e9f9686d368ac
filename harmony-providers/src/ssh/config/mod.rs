//! The configuration of `ssh`: what an address means to whoever runs this.
//!
//! Honoured are `Host`, `HostName`, `User`, `Port`, `IdentityFile`, `IdentitiesOnly`, `IdentityAgent`, `ProxyJump`,
//! `HostKeyAlias`, `UserKnownHostsFile`, `GlobalKnownHostsFile` and `Include`. `ProxyCommand` is refused by name,
//! because to pass over it would be to take another way than the user's; a `Match` section is passed over with a
//! warning. Options that would weaken the verification of host keys have no effect.

mod error;
mod paths;
mod reading;
mod resolve;
mod target;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use error::{ConfigError, ConfigErrorKind};
pub(super) use target::{AgentSocket, Target};

/// Which configuration of `ssh` is honoured.
///
/// # Examples
/// ```
/// use harmony_providers::ssh::SshConfig;
///
/// assert_eq!(SshConfig::default(), SshConfig::usual());
/// assert_ne!(SshConfig::none(), SshConfig::file("./ssh_config"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SshConfig(Source);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Source {
    File(PathBuf),
    None,
    #[default]
    Usual,
}

impl SshConfig {
    /// The user's (`~/.ssh/config`), and behind it the system's (`/etc/ssh/ssh_config`), as far as they are there.
    pub const fn usual() -> Self {
        Self(Source::Usual)
    }

    /// This file and no other; it has to be there.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into()))
    }

    /// None: an address means what it says.
    pub const fn none() -> Self {
        Self(Source::None)
    }
}
