//! Where a secret is, without what it is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a secret is, without what it is: `env:API_TOKEN`, `file:root-password`.
///
/// A score holds it, a plan prints it, and `Context::secret` resolves it when the score executes.
///
/// ```
/// use harmony_phases::SecretRef;
/// let token: SecretRef = "env:API_TOKEN".parse()?;
/// assert_eq!((token.source(), token.name()), ("env", "API_TOKEN"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretRef {
    source: String,
    name: String,
}

/// Why a text is no reference to a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "a secret is referred to as `source:name`, e.g. `env:API_TOKEN` or `file:token`; the {missing} is missing"
)]
pub struct SecretRefError {
    // The text is not kept: it may be the secret itself, given by mistake.
    missing: &'static str,
}

impl SecretRef {
    /// The kind of source, e.g. `env`.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The name there.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for SecretRef {
    type Err = SecretRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (source, name) = text.split_once(':').ok_or(SecretRefError { missing: "source" })?;
        if source.is_empty() {
            return Err(SecretRefError { missing: "source" });
        }
        if name.is_empty() {
            return Err(SecretRefError { missing: "name" });
        }
        Ok(Self { source: source.to_owned(), name: name.to_owned() })
    }
}

impl TryFrom<String> for SecretRef {
    type Error = SecretRefError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SecretRef> for String {
    fn from(reference: SecretRef) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.name)
    }
}
