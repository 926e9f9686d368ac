use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, str::FromStr};

/// What an object of a hypervisor (virtual machine, network, pool, volume) may be called.
///
/// Letters and digits of any script, inner spaces, and `.` `_` `-` `+` `@` `~` `(` `)`; at most 200
/// bytes; no `.` or `-` at the start. Such a name becomes a file name with a suffix
/// (`web_VARS.qcow2`, `web.xml.new`), a word of a `dnsmasq` configuration, an option of QEMU and an
/// attribute of XML. Escaping keeps the last of these safe whatever the name is; the others have no
/// escape for quotes, `#`, `,`, `/` or control characters, so a name holds none of them, nor `<`,
/// `>` and `&`.
///
/// # Examples
/// ```
/// use harmony_types::ObjectName;
///
/// let name: ObjectName = "web 1 (old)".parse()?;
/// assert_eq!(name.as_str(), "web 1 (old)");
///
/// let refusal = "a<b".parse::<ObjectName>().unwrap_err();
/// assert!(refusal.to_string().contains("'<' at position 2"));
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(String);

impl ObjectName {
    /// The longest name, in bytes: a file name has 255, and products append suffixes.
    pub const LONGEST: usize = 200;

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    let allowed = |c: char| c.is_alphanumeric() || " ._-+@~()".contains(c);
    if let Some((found, at)) = crate::text::first_forbidden(text, allowed) {
        let allowed = "letters, digits, spaces and . _ - + @ ~ ( )";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at, allowed });
    }
    if text.len() > ObjectName::LONGEST {
        let (found, most) = (text.len(), ObjectName::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "bytes" });
    }
    check_ends(text)
}

fn check_ends(text: &str) -> Result<(), ParseErrorKind> {
    let last = text.chars().count();
    let place = |found, at, rule| Err(ParseErrorKind::BadPlace { found, at, rule });
    match (text.chars().next(), text.chars().last()) {
        (Some('.'), _) => place('.', 1, "a file of that name would be hidden"),
        (Some('-'), _) => place('-', 1, "a command would take it for an option"),
        (Some(' '), _) => place(' ', 1, "a name does not begin with a space"),
        (_, Some(' ')) => place(' ', last, "a name does not end with a space"),
        _ => Ok(()),
    }
}

impl FromStr for ObjectName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("object name", text, kind))?;
        Ok(Self(text.to_owned()))
    }
}

impl AsRef<str> for ObjectName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

text_type!(ObjectName);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<ObjectName>().unwrap_err().to_string()
    }

    #[test]
    fn every_character_with_a_meaning_elsewhere_is_refused_by_name_and_place() {
        for bad in [
            '<', '>', '&', '\'', '"', '\0', '\n', '/', '\\', ',', '#', '$', '`', ';', '|', '*',
            ':', '=',
        ] {
            let message = refusal(&format!("ab{bad}"));
            assert!(message.contains(&format!("{bad:?} at position 3")), "{message}");
        }
    }

    #[test]
    fn length_and_ends_are_refused_by_rule() {
        assert!(refusal(&"x".repeat(300)).contains("300 bytes long, at most 200"));
        assert!(refusal(&"é".repeat(101)).contains("202 bytes long"));
        "x".repeat(200).parse::<ObjectName>().unwrap();
        assert!(refusal("..").contains("hidden"));
        assert!(refusal("-rf").contains("option"));
        assert!(refusal(" a").contains("begin with a space"));
        assert!(refusal("aé ").contains("' ' at position 3"));
        assert!(refusal("").contains("empty"));
    }
}
