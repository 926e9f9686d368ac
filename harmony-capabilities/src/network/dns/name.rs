use std::{fmt, str::FromStr};

use harmony_types::{Hostname, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The name of a record: a host name, or `*.` and a host name for every name below it.
///
/// ```
/// use harmony_capabilities::network::DnsName;
/// let apps: DnsName = "*.apps.okd.example".parse()?;
/// assert!(apps.is_wildcard());
/// assert_eq!(apps.to_string(), "*.apps.okd.example");
/// assert!("api.*.example".parse::<DnsName>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DnsName {
    wildcard: bool,
    name: Hostname,
}

impl DnsName {
    /// Whether it stands for every name below [`host`](Self::host), that one not included.
    pub const fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// The name, without the wildcard.
    pub const fn host(&self) -> &Hostname {
        &self.name
    }
}

impl FromStr for DnsName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (wildcard, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if let Some(at) = rest.find('*') {
            let offset = text.len() - rest.len();
            let at = offset + rest[..at].chars().count() + 1;
            let rule = "a wildcard is the whole first label: `*.apps.example.org`";
            let kind = ParseErrorKind::BadPlace { found: '*', at, rule };
            return Err(ParseError::new("DNS name", text, kind));
        }
        if wildcard && rest.len() + 2 > Hostname::LONGEST {
            let (found, most) = (rest.len() + 2, Hostname::LONGEST);
            let kind = ParseErrorKind::TooLong { found, most, unit: "characters" };
            return Err(ParseError::new("DNS name", text, kind));
        }
        Ok(Self { wildcard, name: rest.parse()? })
    }
}

impl From<Hostname> for DnsName {
    fn from(name: Hostname) -> Self {
        Self { wildcard: false, name }
    }
}

impl TryFrom<String> for DnsName {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<DnsName> for String {
    fn from(name: DnsName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wildcard = if self.wildcard { "*." } else { "" };
        write!(f, "{wildcard}{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<DnsName>().unwrap_err().to_string();
        assert!(refusal("api.*.example").contains("'*' at position 5"));
        assert!(refusal("*.*.example").contains("'*' at position 3"));
        assert!(refusal("*").contains("whole first label"));
        assert!(refusal("*.").contains("must not be empty"));
        assert!(refusal("a_b").contains("'_' at position 2"));
        let long = format!("*.{}", ["a"; 126].join("."));
        assert_eq!(long.parse::<DnsName>().unwrap().to_string(), long, "253 characters fit");
        assert!(refusal(&format!("{long}.b")).contains("at most 253"));
    }
}
