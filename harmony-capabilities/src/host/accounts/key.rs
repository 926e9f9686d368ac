use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// A public key of an `authorized_keys` file (sshd(8)): its kind, its base64 body, and its comment; without options.
///
/// Two keys are the same when kind and body are.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthorizedKey {
    kind: String,
    body: String,
    comment: String,
}

impl AuthorizedKey {
    /// Its kind: `ssh-ed25519`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its base64 body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Its comment; may be empty.
    pub fn comment(&self) -> &str {
        &self.comment
    }
}

impl PartialEq for AuthorizedKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.body == other.body
    }
}

impl FromStr for AuthorizedKey {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "a public key in one line: its kind, its body, and perhaps a comment";
        let malformed =
            || ParseError::new("public key", text, ParseErrorKind::Malformed { expected });
        if text.chars().any(char::is_control) {
            return Err(malformed());
        }
        let mut words = text.splitn(3, ' ');
        let (kind, body) = words.next().zip(words.next()).ok_or_else(malformed)?;
        let of_key = |c: char| c.is_ascii_alphanumeric() || "-.@_".contains(c);
        let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        if kind.is_empty()
            || !kind.chars().all(of_key)
            || body.len() < 16
            || !body.chars().all(base64)
        {
            return Err(malformed());
        }
        let comment = words.next().unwrap_or_default().trim().to_owned();
        Ok(Self { kind: kind.to_owned(), body: body.to_owned(), comment })
    }
}

impl TryFrom<String> for AuthorizedKey {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<AuthorizedKey> for String {
    fn from(key: AuthorizedKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for AuthorizedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.body)?;
        if self.comment.is_empty() { Ok(()) } else { write!(f, " {}", self.comment) }
    }
}
