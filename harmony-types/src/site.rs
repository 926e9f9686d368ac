use crate::{ParseError, ParseErrorKind, label, text::text_type};
use std::{fmt, str::FromStr};

/// The name of a site: one lower-case RFC 1123 label, because it is written into marks, labels,
/// file names and lock names.
///
/// # Examples
/// ```
/// use harmony_types::SiteName;
///
/// let site: SiteName = "paris-1".parse()?;
/// assert_eq!(site.as_str(), "paris-1");
/// assert!("Paris".parse::<SiteName>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteName(String);

impl SiteName {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    const ALLOWED: &str = "lower-case letters, digits and hyphens";
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((found, at)) = crate::text::first_forbidden(text, |c| !c.is_ascii_uppercase()) {
        return Err(ParseErrorKind::ForbiddenCharacter { found, at, allowed: ALLOWED });
    }
    if text.len() > label::LONGEST {
        let (found, most) = (text.len(), label::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "characters" });
    }
    label::check(text, 0, ALLOWED)
}

impl FromStr for SiteName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("site name", text, kind))?;
        Ok(Self(text.to_owned()))
    }
}

impl AsRef<str> for SiteName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

text_type!(SiteName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<SiteName>().unwrap_err().to_string();
        assert!(refusal("Paris").contains("'P' at position 1 is not one of: lower-case letters"));
        assert!(refusal("a.b").contains("'.' at position 2"));
        assert!(refusal("-a").contains("hyphen"));
        assert!(refusal(&"a".repeat(64)).contains("64 characters long, at most 63"));
        assert!(refusal("").contains("empty"));
    }
}
