use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};

/// What a secret in a key store is called: its file's name without `.age`.
///
/// ```
/// use harmony_providers::key_store::SecretName;
/// assert_eq!("db.password".parse::<SecretName>()?.as_str(), "db.password");
/// assert!("../token".parse::<SecretName>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// The longest name, in bytes.
    pub const LONGEST: usize = 120;

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn file(&self) -> String {
        format!("{}{}", self.0, Self::SUFFIX)
    }

    /// The name of the secret in `file`, where it is one's.
    pub(super) fn of_file(file: &str) -> Option<Self> {
        file.strip_suffix(Self::SUFFIX)?.parse().ok()
    }

    const SUFFIX: &'static str = ".age";
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        let allowed = "letters, digits and . _ -";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at: index + 1, allowed });
    }
    if let Some(found) = text.chars().next().filter(|c| matches!(c, '.' | '-')) {
        let rule = "a name begins with a letter, a digit or `_`";
        return Err(ParseErrorKind::BadPlace { found, at: 1, rule });
    }
    if text == "identity" {
        return Err(ParseErrorKind::Rule("the store keeps its own key under that name"));
    }
    if text.len() > SecretName::LONGEST {
        let (found, most) = (text.len(), SecretName::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "bytes" });
    }
    Ok(())
}

impl FromStr for SecretName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("secret's name", text, kind))?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
