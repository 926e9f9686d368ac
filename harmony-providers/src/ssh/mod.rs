//! Hosts over SSH: one connection a host, and in it commands, files, forwarded sockets and a lock.
//!
//! [`Ssh`] plays one role, [`CommandExecution`](harmony_capabilities::host::CommandExecution): what
//! a host can do beyond running commands is made of commands. `russh` is named in this folder only.
//!
//! What is promised, whatever the host does: its key is verified on every connection; a command
//! arrives as the words it was given as; no secret is in a line, a log or an error; nothing it
//! prints reaches a terminal unescaped, or memory without bound; and a change whose end was not
//! seen is reported as unknown and never repeated.

mod commands;
mod config;
mod connection;
mod error;
mod escape;
mod exec;
mod files;
mod forward;
mod host;
mod lock;
mod login;
mod options;
mod trust;
mod way;

pub use config::{ConfigError, ConfigErrorKind, SshConfig};
pub use error::{SshError, SshErrorKind};
pub use forward::{ForwardedPort, ForwardedSocket};
pub use host::Ssh;
pub use lock::HostLock;
pub use login::{Attempt, Credential, LoginError, Outcome};
pub use options::{Deadlines, Escalation, SshOptions};
#[cfg(any(test, fuzzing))]
pub(crate) use trust::fuzzing;
pub use trust::{
    Fingerprint, HostKeyError, HostKeyErrorKind, HostKeyPolicy, KnownKey, Place, PresentedKey,
};
