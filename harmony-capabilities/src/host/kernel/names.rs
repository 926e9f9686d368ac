use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The name of a kernel module, with `_` where some write `-`: `kvm_intel`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModuleName(String);

/// The name of a kernel parameter, with dots: `net.ipv4.ip_forward`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SysctlKey(String);

impl ModuleName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SysctlKey {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn refuse(
    what: &'static str,
    text: &str,
    allowed: &'static str,
    extra: &str,
) -> Result<(), ParseError> {
    let refused = |kind| Err(ParseError::new(what, text, kind));
    let Some(first) = text.chars().next() else { return refused(ParseErrorKind::Empty) };
    if !first.is_ascii_alphanumeric() {
        let rule = "begin with a letter or a digit";
        return refused(ParseErrorKind::BadPlace { found: first, at: 1, rule });
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
    match text.chars().enumerate().find(|&(_, c)| !fits(c)) {
        Some((at, found)) => {
            refused(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed })
        }
        None => Ok(()),
    }
}

impl FromStr for ModuleName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        refuse("module name", text, "letters, digits, _ and -", "_-")?;
        Ok(Self(text.replace('-', "_")))
    }
}

impl FromStr for SysctlKey {
    type Err = ParseError;

    /// The slashes that let an interface's name hold a dot (`net/ipv4/conf/eth0.1/forwarding`) are not taken.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        refuse("kernel parameter", text, "letters, digits and . _ - *", "._-*")?;
        if text.split('.').any(str::is_empty) || !text.contains('.') {
            let expected = "words with dots between them, such as `net.ipv4.ip_forward`";
            let kind = ParseErrorKind::Malformed { expected };
            return Err(ParseError::new("kernel parameter", text, kind));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Gives a name its ways to and from text.
macro_rules! named {
    ($($name:ty),+) => {
        $(impl TryFrom<String> for $name {
            type Error = ParseError;

            fn try_from(text: String) -> Result<Self, ParseError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        })+
    };
}

named!(ModuleName, SysctlKey);
