use crate::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU16, str::FromStr};

/// A TCP or UDP port: 1 to 65535.
///
/// Serialised as a number.
///
/// # Examples
/// ```
/// use harmony_types::Port;
///
/// const HTTPS: Port = Port::HTTPS;
/// assert_eq!("443".parse::<Port>()?, HTTPS);
/// assert!(Port::new(0).is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub struct Port(NonZeroU16);

impl Port {
    /// 22.
    pub const SSH: Self = Self::literal(22);
    /// 80.
    pub const HTTP: Self = Self::literal(80);
    /// 443.
    pub const HTTPS: Self = Self::literal(443);

    const WHAT: &'static str = "port";
    const BOUNDS: ParseErrorKind = ParseErrorKind::OutOfRange { least: 1, most: 65_535 };

    /// Takes a port number.
    ///
    /// # Errors
    /// When it is 0, which means "any port" to an operating system and names none.
    pub fn new(number: u16) -> Result<Self, ParseError> {
        NonZeroU16::new(number)
            .map(Self)
            .ok_or_else(|| ParseError::new(Self::WHAT, &number.to_string(), Self::BOUNDS))
    }

    /// Returns the number.
    pub const fn number(self) -> u16 {
        self.0.get()
    }

    const fn literal(number: u16) -> Self {
        match NonZeroU16::new(number) {
            Some(number) => Self(number),
            None => panic!("a port is not 0"), // invariant: only called with constants, while compiling
        }
    }
}

impl FromStr for Port {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |kind| ParseError::new(Self::WHAT, text, kind);
        if text.is_empty() {
            return Err(refuse(ParseErrorKind::Empty));
        }
        if let Some((found, at)) = crate::text::first_forbidden(text, |c| c.is_ascii_digit()) {
            return Err(refuse(ParseErrorKind::ForbiddenCharacter {
                found,
                at,
                allowed: "digits",
            }));
        }
        text.parse().ok().and_then(NonZeroU16::new).map(Self).ok_or_else(|| refuse(Self::BOUNDS))
    }
}

impl From<NonZeroU16> for Port {
    fn from(number: NonZeroU16) -> Self {
        Self(number)
    }
}

impl TryFrom<u16> for Port {
    type Error = ParseError;

    fn try_from(number: u16) -> Result<Self, ParseError> {
        Self::new(number)
    }
}

impl TryFrom<&str> for Port {
    type Error = ParseError;

    fn try_from(text: &str) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Port> for u16 {
    fn from(port: Port) -> Self {
        port.number()
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_1_to_65535_are_ports() {
        assert_eq!("65535".parse::<Port>().unwrap().number(), 65_535);
        for refused in ["0", "65536", "99999999999999999999"] {
            let error = refused.parse::<Port>().unwrap_err();
            assert!(error.to_string().ends_with("between 1 and 65535"), "{error}");
        }
        assert!("+80".parse::<Port>().unwrap_err().to_string().contains("'+' at position 1"));
        assert!("".parse::<Port>().unwrap_err().to_string().contains("empty"));
    }

    #[test]
    fn serde_reads_numbers_and_refuses_0() {
        assert_eq!(serde_json::to_string(&Port::HTTPS).unwrap(), "443");
        assert_eq!(serde_json::from_str::<Port>("22").unwrap(), Port::SSH);
        serde_json::from_str::<Port>("0").unwrap_err();
    }
}
