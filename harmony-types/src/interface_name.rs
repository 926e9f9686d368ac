use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, str::FromStr};

/// The name of a network interface or bridge of a Linux host: 1 to 15 letters, digits, `.`, `_` and
/// `-`.
///
/// # Examples
/// ```
/// use harmony_types::InterfaceName;
///
/// let bridge: InterfaceName = "br0".parse()?;
/// assert_eq!(bridge.as_str(), "br0");
/// assert!("a-very-long-name".parse::<InterfaceName>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceName(String);

impl InterfaceName {
    /// The longest name that the kernel takes, in bytes.
    pub const LONGEST: usize = 15;

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((found, at)) =
        crate::text::first_forbidden(text, |c| c.is_ascii_alphanumeric() || "._-".contains(c))
    {
        let allowed = "letters, digits and . _ -";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at, allowed });
    }
    if text.len() > InterfaceName::LONGEST {
        let (found, most) = (text.len(), InterfaceName::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "characters" });
    }
    match text {
        "." | ".." => Err(ParseErrorKind::Rule("`.` and `..` are directories")),
        _ if text.starts_with('-') => Err(ParseErrorKind::BadPlace {
            found: '-',
            at: 1,
            rule: "a command would take it for an option",
        }),
        _ => Ok(()),
    }
}

impl FromStr for InterfaceName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("interface name", text, kind))?;
        Ok(Self(text.to_owned()))
    }
}

impl AsRef<str> for InterfaceName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

text_type!(InterfaceName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<InterfaceName>().unwrap_err().to_string();
        assert!(refusal("").contains("empty"));
        assert!(refusal("eth0:1").contains("':' at position 5"));
        assert!(refusal("a234567890123456").contains("16 characters long, at most 15"));
        assert!(refusal("..").contains("directories"));
        assert!(refusal("-x").contains("option"));
    }
}
