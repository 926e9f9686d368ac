use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use russh::keys::{HashAlg, PublicKey, ssh_key};

/// The SHA-256 fingerprint of a public key, as `ssh-keygen -l` shows it.
///
/// # Examples
/// ```
/// use harmony_providers::ssh::Fingerprint;
///
/// let text = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM";
/// assert_eq!(text.parse::<Fingerprint>()?.to_string(), text);
/// assert!("MD5:00:11".parse::<Fingerprint>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(ssh_key::Fingerprint);

impl Fingerprint {
    /// The fingerprint of `key`.
    pub fn of(key: &PublicKey) -> Self {
        Self(key.fingerprint(HashAlg::Sha256))
    }
}

impl FromStr for Fingerprint {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "`SHA256:` and 43 characters, as `ssh-keygen -l` shows it";
        let refuse =
            || ParseError::new("fingerprint", text, ParseErrorKind::Malformed { expected });
        let parsed: ssh_key::Fingerprint = text.parse().map_err(|_| refuse())?;
        if parsed.is_sha256() { Ok(Self(parsed)) } else { Err(refuse()) }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
