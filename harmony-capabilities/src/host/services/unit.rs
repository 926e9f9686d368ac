use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The name of a unit: `nginx.service`, `libvirtd.socket`; without a suffix it is a service.
///
/// ```
/// use harmony_capabilities::host::UnitName;
/// assert_eq!("nginx".parse::<UnitName>()?.as_str(), "nginx.service");
/// assert_eq!("getty@tty1.service".parse::<UnitName>()?.as_str(), "getty@tty1.service");
/// assert!("../x".parse::<UnitName>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitName(String);

impl UnitName {
    /// The suffixes of systemd.unit(5).
    const SUFFIXES: [&'static str; 11] = [
        ".service",
        ".socket",
        ".device",
        ".mount",
        ".automount",
        ".swap",
        ".target",
        ".path",
        ".timer",
        ".slice",
        ".scope",
    ];

    /// The name with its suffix.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UnitName {
    type Err = ParseError;

    /// systemd.unit(5): letters, digits and `:-_.\@`, at most 255 characters.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refused = |kind| ParseError::new("unit name", text, kind);
        let Some(first) = text.chars().next() else { return Err(refused(ParseErrorKind::Empty)) };
        if first == '-' || first == '.' {
            let rule = "begin with a letter or a digit";
            return Err(refused(ParseErrorKind::BadPlace { found: first, at: 1, rule }));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c);
        if let Some((at, found)) = text.chars().enumerate().find(|&(_, c)| !allowed(c)) {
            let allowed = "letters, digits and : - _ . \\ @";
            return Err(refused(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed }));
        }
        let named = Self::SUFFIXES.iter().any(|suffix| text.ends_with(suffix));
        let name = if named { text.to_owned() } else { [text, ".service"].concat() };
        if name.len() > 255 {
            let found = name.len();
            return Err(refused(ParseErrorKind::TooLong { found, most: 255, unit: "characters" }));
        }
        Ok(Self(name))
    }
}

impl TryFrom<String> for UnitName {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<UnitName> for String {
    fn from(name: UnitName) -> Self {
        name.0
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
