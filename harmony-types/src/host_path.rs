use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, path::Path, str::FromStr};

/// An absolute path on a Unix host, which need not be the host that this program runs on.
///
/// No control characters, no `.` or `..` between slashes, at most 4095 bytes and 255 in one
/// component; doubled and trailing slashes are dropped, so that equal paths are equal.
///
/// # Examples
/// ```
/// use harmony_types::HostPath;
///
/// let path: HostPath = "/var//lib/images/".parse()?;
/// assert_eq!(path.as_str(), "/var/lib/images");
/// assert_eq!(path.join("web.qcow2")?.as_str(), "/var/lib/images/web.qcow2");
/// assert!("images".parse::<HostPath>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPath(String);

impl HostPath {
    /// The longest path, in bytes.
    pub const LONGEST: usize = 4095;
    /// The longest component, in bytes.
    pub const LONGEST_COMPONENT: usize = 255;

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path as the standard library has it.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// Returns the path of something below this one.
    ///
    /// # Errors
    /// When the result is not a valid path.
    pub fn join(&self, below: &str) -> Result<Self, ParseError> {
        format!("{}/{below}", self.0).parse()
    }
}

fn check(text: &str) -> Result<String, ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((found, at)) = crate::text::first_forbidden(text, |c| !c.is_control()) {
        let allowed = "printable characters";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at, allowed });
    }
    if !text.starts_with('/') {
        return Err(ParseErrorKind::Rule("it must be absolute: begin it with `/`"));
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..")) {
        return Err(ParseErrorKind::Rule(
            "`.` and `..` between slashes are not allowed: write where it leads",
        ));
    }
    let limits = |found, most, unit| Err(ParseErrorKind::TooLong { found, most, unit });
    if let Some(part) = parts.iter().find(|part| part.len() > HostPath::LONGEST_COMPONENT) {
        return limits(part.len(), HostPath::LONGEST_COMPONENT, "bytes in one component");
    }
    let path = format!("/{}", parts.join("/"));
    if path.len() > HostPath::LONGEST {
        return limits(path.len(), HostPath::LONGEST, "bytes");
    }
    Ok(path)
}

impl FromStr for HostPath {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check(text).map(Self).map_err(|kind| ParseError::new("path", text, kind))
    }
}

impl TryFrom<&Path> for HostPath {
    type Error = ParseError;

    fn try_from(path: &Path) -> Result<Self, ParseError> {
        let shown = path.to_string_lossy();
        let refuse = || ParseError::new("path", &shown, ParseErrorKind::Rule("it is not UTF-8"));
        path.to_str().ok_or_else(refuse)?.parse()
    }
}

impl AsRef<Path> for HostPath {
    fn as_ref(&self) -> &Path {
        self.as_path()
    }
}

impl fmt::Display for HostPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for HostPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

text_type!(HostPath);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<HostPath>().unwrap_err().to_string();
        assert!(refusal("").contains("empty"));
        assert!(refusal("a/b").contains("absolute"));
        assert!(refusal("/a/../b").contains("`..`"));
        assert!(refusal("/a\0b").contains("'\\0' at position 3"));
        assert!(
            refusal(&format!("/{}", "x".repeat(300)))
                .contains("300 bytes in one component long, at most 255")
        );
        assert!(refusal(&"/xxxx".repeat(1000)).contains("5000 bytes"));
        assert_eq!("/".parse::<HostPath>().unwrap().as_str(), "/");
        assert_eq!("/it's <&\"".parse::<HostPath>().unwrap().as_str(), "/it's <&\"");
    }
}
