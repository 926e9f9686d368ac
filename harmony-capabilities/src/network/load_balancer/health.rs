use std::{fmt, num::NonZeroU16, str::FromStr};

use harmony_types::{ObjectName, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// How a load balancer finds out whether a server is well.
///
/// Without further words: every 5 seconds, well after 2 good answers, ill after 3 bad ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// What is asked.
    pub probe: Probe,
    /// How often, in seconds.
    #[serde(default = "every")]
    pub every: NonZeroU16,
    /// How many good answers in a row make it well.
    #[serde(default = "rise")]
    pub rise: NonZeroU16,
    /// How many bad answers in a row make it ill.
    #[serde(default = "fall")]
    pub fall: NonZeroU16,
}

/// What a health check asks a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Probe {
    /// A page, which has to answer with a status from 200 to 399.
    Http {
        /// The page.
        path: HttpPath,
        /// Whether over TLS; certificates are not verified.
        #[serde(default)]
        tls: bool,
    },
    /// Whether it takes connections.
    Tcp,
}

/// What a load balancer knows of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHealth {
    /// The server.
    pub server: ObjectName,
    /// Whether it is given work.
    pub up: bool,
    /// What the last check saw, in the product's words.
    pub evidence: String,
}

/// The path of a page: `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpPath(String);

const fn literal(number: u16) -> NonZeroU16 {
    match NonZeroU16::new(number) {
        Some(number) => number,
        None => panic!("not 0"), // invariant: only called with constants, while compiling
    }
}

const fn every() -> NonZeroU16 {
    const { literal(5) }
}

const fn rise() -> NonZeroU16 {
    const { literal(2) }
}

const fn fall() -> NonZeroU16 {
    const { literal(3) }
}

impl HealthCheck {
    /// Asks whether the server takes connections.
    pub const fn tcp() -> Self {
        Self::of(Probe::Tcp)
    }

    /// Asks for a page.
    pub const fn http(path: HttpPath) -> Self {
        Self::of(Probe::Http { path, tls: false })
    }

    /// Asks for a page over TLS.
    pub const fn https(path: HttpPath) -> Self {
        Self::of(Probe::Http { path, tls: true })
    }

    const fn of(probe: Probe) -> Self {
        Self { probe, every: every(), rise: rise(), fall: fall() }
    }
}

impl HttpPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HttpPath {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |kind| ParseError::new("HTTP path", text, kind);
        if text.is_empty() {
            return Err(refuse(ParseErrorKind::Empty));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~%?&=+,:@".contains(c);
        if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            let allowed = "letters, digits and / - . _ ~ % ? & = + , : @";
            return Err(refuse(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed }));
        }
        if !text.starts_with('/') {
            return Err(refuse(ParseErrorKind::Rule("it begins with `/`")));
        }
        if text.len() > 1024 {
            let kind = ParseErrorKind::TooLong { found: text.len(), most: 1024, unit: "bytes" };
            return Err(refuse(kind));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for HttpPath {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<HttpPath> for String {
    fn from(path: HttpPath) -> Self {
        path.0
    }
}

impl fmt::Display for HttpPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for HealthCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.probe {
            Probe::Http { path, tls } => {
                write!(f, "{} {path}", if *tls { "https" } else { "http" })?;
            }
            Probe::Tcp => f.write_str("tcp")?,
        }
        write!(f, " every {} s, up after {}, down after {}", self.every, self.rise, self.fall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_a_path_names_its_rule() {
        let refusal = |text: &str| text.parse::<HttpPath>().unwrap_err().to_string();
        assert!(refusal("").contains("empty"));
        assert!(refusal("readyz").contains("begins with `/`"));
        assert!(refusal("/a b").contains("' ' at position 3"));
        assert!(refusal("/\r\nHost:").contains("'\\r' at position 2"));
        assert!(refusal(&format!("/{}", "a".repeat(1024))).contains("1025 bytes"));
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let check: HealthCheck = serde_json::from_str(r#"{"probe":"tcp"}"#).unwrap();
        assert_eq!(check, HealthCheck::tcp());
        serde_json::from_str::<HealthCheck>(r#"{"probe":"tcp","every":0}"#).unwrap_err();
        serde_json::from_str::<HealthCheck>(r#"{"probe":"tcp","often":1}"#).unwrap_err();
    }
}
