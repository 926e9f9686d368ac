//! Hosts over SSH.
#![allow(dead_code, unused_imports, reason = "what uses all of this is on its way")]

mod config;
mod login;
mod trust;

pub use config::{ConfigError, ConfigErrorKind, SshConfig};
pub use login::{Attempt, Credential, LoginError, Outcome};
pub use trust::{
    Fingerprint, HostKeyError, HostKeyErrorKind, HostKeyPolicy, KnownKey, Place, PresentedKey,
};
