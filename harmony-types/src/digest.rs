use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, fmt::Write as _, str::FromStr};

/// A SHA-256 checksum: 64 hexadecimal digits, with or without `sha256:` before them.
///
/// # Examples
/// ```
/// use harmony_types::Sha256Digest;
///
/// let digest: Sha256Digest = "ab".repeat(32).parse()?;
/// assert_eq!(digest, Sha256Digest::new([0xab; 32]));
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// Takes the 32 bytes of a checksum.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

fn read(text: &str) -> Result<[u8; 32], ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let skipped = text.len() - digits.len();
    if let Some((found, at)) = crate::text::first_forbidden(digits, |c| c.is_ascii_hexdigit()) {
        let allowed = "hexadecimal digits";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at: skipped + at, allowed });
    }
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return Err(ParseErrorKind::Malformed { expected: "64 hexadecimal digits" });
    }
    let nibble =
        |digit: u8| char::from(digit).to_digit(16).map_or(0, |value| value.to_le_bytes()[0]);
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = nibble(pair[0]) << 4 | nibble(pair[1]);
    }
    Ok(bytes)
}

impl FromStr for Sha256Digest {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).map(Self).map_err(|kind| ParseError::new("SHA-256 checksum", text, kind))
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            write!(text, "{byte:02x}")?;
        }
        f.pad(&text)
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

text_type!(Sha256Digest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_of_either_case_and_with_a_prefix_is_read() {
        let digest: Sha256Digest = format!("sha256:{}", "Ef".repeat(32)).parse().unwrap();
        assert_eq!(digest.to_string(), "ef".repeat(32));
    }

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<Sha256Digest>().unwrap_err().to_string();
        assert!(refusal(&"a".repeat(63)).contains("64 hexadecimal digits"));
        assert!(refusal("abxy").contains("'x' at position 3"));
        assert!(refusal("sha256:x").contains("'x' at position 8"));
        assert!(refusal("").contains("empty"));
    }
}
