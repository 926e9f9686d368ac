//! Logging in: with what an agent holds, a key file, a password, or what the keyboard would answer.
//!
//! Credentials are tried in their order, and those that the server does not take (any more) are passed over. When
//! nothing works, the error says what was tried, how each of it ended, and what the server would still take.

mod agent;
mod attempt;
mod authenticate;
mod credential;
mod error;
mod key_file;
mod resolve;
#[cfg(test)]
mod tests;

pub use attempt::{Attempt, Outcome};
pub(super) use authenticate::{LoggedIn, authenticate};
pub use credential::Credential;
pub use error::LoginError;
pub(super) use resolve::{ResolvedCredential, resolve};
