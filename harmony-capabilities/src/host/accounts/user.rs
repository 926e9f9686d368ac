use std::{fmt, str::FromStr};

use harmony_phases::ownership::Mark;
use harmony_types::{HostPath, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The name of a user or group: `deploy`.
///
/// ```
/// use harmony_capabilities::host::UserName;
/// assert!("deploy".parse::<UserName>().is_ok());
/// assert!("-rf".parse::<UserName>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(String);

impl UserName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = ParseError;

    /// useradd(8): a lower-case letter or `_`, then also digits and `-`, at most 32 characters.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refused = |kind| ParseError::new("user name", text, kind);
        let Some(first) = text.chars().next() else { return Err(refused(ParseErrorKind::Empty)) };
        if !(first.is_ascii_lowercase() || first == '_') {
            let rule = "begin with a lower-case letter or `_`";
            return Err(refused(ParseErrorKind::BadPlace { found: first, at: 1, rule }));
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        if let Some((at, found)) = text.chars().enumerate().find(|&(_, c)| !allowed(c)) {
            let allowed = "lower-case letters, digits, _ and -";
            return Err(refused(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed }));
        }
        if text.len() > 32 {
            let found = text.len();
            return Err(refused(ParseErrorKind::TooLong { found, most: 32, unit: "characters" }));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for UserName {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<UserName> for String {
    fn from(name: UserName) -> Self {
        name.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A user that shall be there; what is not said stays as it is, or as the host makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name.
    pub name: UserName,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The home directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<HostPath>,
    /// The login shell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<HostPath>,
    /// Groups to be in beside its own; it is taken out of no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<UserName>,
    /// Whether it is a service's rather than a person's; only looked at when it is made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub system: bool,
}

/// A user as the host has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserState {
    /// The number.
    pub uid: u32,
    /// The home directory, as the host spells it.
    pub home: String,
    /// The login shell, as the host spells it.
    pub shell: String,
    /// All groups it is in.
    pub groups: Vec<String>,
    /// The mark of who made it.
    pub mark: Option<Mark>,
}
