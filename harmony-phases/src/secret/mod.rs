//! Secrets: values that do not print, and references that scores hold instead.

mod error;
mod redacted;
mod reference;
mod source;

pub use error::{SecretError, SecretErrorKind};
pub use redacted::Secret;
pub use reference::{SecretRef, SecretRefError};
pub use source::{EnvironmentSecrets, FileSecrets, SecretSource};
