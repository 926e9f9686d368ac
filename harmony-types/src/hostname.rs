use crate::{ParseError, ParseErrorKind, label, text::text_type};
use std::{fmt, str::FromStr};

/// The name of a host by RFC 1123: one label or several with dots between them.
///
/// Labels have 1 to 63 letters, digits and inner hyphens; the whole has at most 253 characters and
/// neither ends with a dot nor looks like an address. Upper case is accepted and kept as lower
/// case, because DNS does not tell them apart.
///
/// # Examples
/// ```
/// use harmony_types::Hostname;
///
/// let name: Hostname = "Web.Example.org".parse()?;
/// assert_eq!(name.as_str(), "web.example.org");
/// assert_eq!(name.first_label(), "web");
/// assert!("192.168.1.1".parse::<Hostname>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hostname(String);

impl Hostname {
    /// The longest name, in characters.
    pub const LONGEST: usize = 253;

    /// Returns the name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what stands before the first dot.
    pub fn first_label(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }

    /// Says whether the name has a domain.
    pub fn is_qualified(&self) -> bool {
        self.0.contains('.')
    }
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if text.ends_with('.') {
        return Err(ParseErrorKind::BadPlace {
            found: '.',
            at: text.chars().count(),
            rule: "write the name without the dot of the root",
        });
    }
    let mut offset = 0;
    for part in text.split('.') {
        label::check(part, offset, "letters, digits, hyphens and dots")?;
        offset += part.len() + 1;
    }
    if text.len() > Hostname::LONGEST {
        let (found, most) = (text.len(), Hostname::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "characters" });
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    if last.chars().all(|c| c.is_ascii_digit()) {
        return Err(ParseErrorKind::Rule(
            "its last label has digits only, so programs would read it as an IP address",
        ));
    }
    Ok(())
}

impl FromStr for Hostname {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("host name", text, kind))?;
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl AsRef<str> for Hostname {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

text_type!(Hostname);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<Hostname>().unwrap_err().to_string()
    }

    #[test]
    fn names_of_one_label_and_of_the_greatest_length_pass() {
        let longest =
            [["a"; 63].concat(), ["b"; 63].concat(), ["c"; 63].concat(), ["d"; 61].concat()]
                .join(".");
        for good in ["a", "web-1", "xn--bcher-kva.example", "3com.org", &longest] {
            assert_eq!(good.parse::<Hostname>().unwrap().as_str(), good);
        }
        assert!(refusal(&format!("{longest}e")).contains("254 characters long, at most 253"));
    }

    #[test]
    fn each_refusal_names_its_rule_and_place() {
        assert!(refusal("web..org").contains("before and after every dot"));
        assert!(refusal(".org").contains("before and after every dot"));
        assert!(refusal("web.org.").contains("'.' at position 8"));
        assert!(refusal("web.-x").contains("'-' at position 5"));
        assert!(refusal("web-.x").contains("'-' at position 4"));
        assert!(refusal("web.ex ample").contains("' ' at position 7"));
        assert!(refusal("bücher").contains("'ü' at position 2"));
        assert!(refusal(&"a".repeat(64)).contains("at most 63"));
        assert!(refusal("10.0.0.1").contains("IP address"));
    }
}
