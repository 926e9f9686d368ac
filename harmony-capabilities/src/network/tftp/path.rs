use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The path of a file on a TFTP server, from its root on: `pxelinux.cfg/default`.
///
/// At most 127 bytes, so that it fits the field of a DHCP answer that names it. Letters, digits and `. _ - + ~`
/// between slashes: what a configuration line of a server takes without quotes.
///
/// ```
/// use harmony_capabilities::network::TftpPath;
/// let path: TftpPath = "pxelinux.cfg/01-52-54-00-00-00-0a".parse()?;
/// assert_eq!(path.as_str(), "pxelinux.cfg/01-52-54-00-00-00-0a");
/// assert!("../etc/passwd".parse::<TftpPath>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TftpPath(String);

impl TftpPath {
    /// The longest path, in bytes.
    pub const LONGEST: usize = 127;

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-+~/".contains(c);
    if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        let allowed = "letters, digits and . _ - + ~ /";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed });
    }
    if text.starts_with('/') {
        let rule = "paths begin at the server's root: write it without the first `/`";
        return Err(ParseErrorKind::BadPlace { found: '/', at: 1, rule });
    }
    if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(ParseErrorKind::Rule(
            "every part between slashes is a name, not ``, `.` or `..`",
        ));
    }
    if text.starts_with('-') {
        let rule = "a command would take it for an option";
        return Err(ParseErrorKind::BadPlace { found: '-', at: 1, rule });
    }
    if text.len() > TftpPath::LONGEST {
        let (found, most) = (text.len(), TftpPath::LONGEST);
        return Err(ParseErrorKind::TooLong { found, most, unit: "bytes" });
    }
    Ok(())
}

impl FromStr for TftpPath {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map_err(|kind| ParseError::new("TFTP path", text, kind))?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for TftpPath {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<TftpPath> for String {
    fn from(path: TftpPath) -> Self {
        path.0
    }
}

impl fmt::Display for TftpPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<TftpPath>().unwrap_err().to_string();
        assert!(refusal("").contains("empty"));
        assert!(refusal("/a").contains("server's root"));
        assert!(refusal("a/../b").contains("`..`") && refusal("a//b").contains("``"));
        assert!(refusal("a b").contains("' ' at position 2"));
        assert!(refusal("a\\b").contains("position 2") && refusal("a,b").contains("','"));
        assert!(refusal("-a").contains("option"));
        assert!(refusal(&"x".repeat(128)).contains("128 bytes long, at most 127"));
    }
}
