//! SSH servers, each with users, host keys, a `known_hosts` and a `/run/lock` of its own; and an agent.
//!
//! The server is OpenSSH's, in a mount namespace where `/etc/passwd` and its like are files of the test: nobody's
//! account is touched, and a test may break whatever it likes.

mod agent;
mod server;
mod setup;

pub use agent::SshAgent;
pub use server::Sshd;
pub use setup::SshdSetup;
