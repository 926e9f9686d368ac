use std::{error::Error, fmt, io, path::PathBuf};

use harmony_phases::context::EffectError;
use russh::keys::PublicKey;

use super::Fingerprint;

/// Why a host's key was not accepted: which host, what it presented, what is known of it, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("the host key of {host} is not accepted: {kind}")]
pub struct HostKeyError {
    host: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
    kind: Box<HostKeyErrorKind>,
}

/// What was wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostKeyErrorKind {
    /// It presents a certificate of an authority that is trusted for it, and the certificate is not good.
    Certificate {
        /// The line that trusts the authority.
        authority: Place,
        /// What is wrong with the certificate.
        fault: &'static str,
    },
    /// It presents a key that is not the known one.
    Changed {
        /// What it presents.
        presented: PresentedKey,
        /// What is known of it.
        known: Vec<KnownKey>,
        /// What to run when the new key is right.
        remedy: String,
    },
    /// A line begins with a marker and cannot be understood: it may revoke the key.
    Doubtful {
        /// The line.
        at: Place,
    },
    /// A new key could not be written down.
    NotLearned {
        /// Where to.
        file: PathBuf,
    },
    /// It presents a key that is not the pinned one.
    NotPinned {
        /// What it presents.
        presented: PresentedKey,
        /// What is pinned.
        pinned: Fingerprint,
    },
    /// It presents a bare key, and its only line trusts an authority for it.
    NotCertified {
        /// What it presents.
        presented: PresentedKey,
        /// The line that trusts the authority.
        authority: Place,
    },
    /// It presents a key that is revoked.
    Revoked {
        /// What it presents.
        presented: PresentedKey,
        /// The line that revokes it.
        at: Place,
    },
    /// Nothing is known of it.
    Unknown {
        /// What it presents.
        presented: PresentedKey,
        /// Where it was looked for.
        files: Vec<PathBuf>,
        /// How `ssh-keyscan` asks for its keys.
        scan: String,
    },
    /// A file could not be read.
    Unreadable {
        /// Which.
        file: PathBuf,
    },
    /// The run was stopped before a new key was written down.
    Stopped,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
}

/// A key that a host presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedKey {
    /// Its kind, such as `ssh-ed25519`.
    pub algorithm: String,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
}

/// A key that is known for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its kind, such as `ssh-ed25519`.
    pub algorithm: String,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// The line that says so.
    pub at: Place,
}

impl HostKeyError {
    pub(super) fn new(host: impl fmt::Display, kind: HostKeyErrorKind) -> Self {
        Self { host: host.to_string(), kind: Box::new(kind), source: None }
    }

    pub(super) fn because(mut self, source: io::Error) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The host, as `known_hosts` names it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What was wrong.
    pub fn kind(&self) -> &HostKeyErrorKind {
        &self.kind
    }
}

impl From<EffectError> for HostKeyError {
    fn from(error: EffectError) -> Self {
        let host = error.intent().object.clone();
        Self { host, kind: Box::new(HostKeyErrorKind::Stopped), source: Some(Box::new(error)) }
    }
}

impl PresentedKey {
    pub(super) fn of(key: &PublicKey) -> Self {
        Self { algorithm: key.algorithm().to_string(), fingerprint: Fingerprint::of(key) }
    }
}

impl KnownKey {
    pub(super) fn of(key: &PublicKey, at: Place) -> Self {
        Self { algorithm: key.algorithm().to_string(), fingerprint: Fingerprint::of(key), at }
    }
}

impl fmt::Display for HostKeyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate { authority, fault } => write!(
                f,
                "{authority} trusts the authority behind its certificate, but {fault}; have the host key signed \
                 again (ssh-keygen -h -s CA -I ID -n NAMES)"
            ),
            Self::Changed { presented, known, remedy } => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "it has changed: the host presents {presented}, but {}; somebody may be in between, or the \
                     host was installed anew: ask its owner, and when the new key is right, {remedy}",
                    known.join(", and ")
                )
            }
            Self::Doubtful { at } => write!(
                f,
                "{at} begins with a marker and cannot be understood, so that it may revoke the key; mend or \
                 remove the line"
            ),
            Self::NotLearned { file } => write!(
                f,
                "it is new and could not be written to {}; make the file writable, or add the key by hand",
                file.display()
            ),
            Self::NotPinned { presented, pinned } => write!(
                f,
                "the host presents {presented}, but {pinned} is pinned; when that is another key of the same \
                 host, pin this one or list both in known_hosts"
            ),
            Self::NotCertified { presented, authority } => write!(
                f,
                "the host presents the bare key {presented}, but {authority} expects a certificate of an \
                 authority; have the host key signed, or list the key in known_hosts"
            ),
            Self::Revoked { presented, at } => {
                write!(f, "{presented} is revoked by {at}; the host needs a new key")
            }
            Self::Unknown { presented, files, scan } => unknown(f, presented, files, scan),
            Self::Unreadable { file } => write!(f, "{} cannot be read", file.display()),
            Self::Stopped => f.write_str("it is new, and the run ended before it was written down"),
        }
    }
}

fn unknown(
    f: &mut fmt::Formatter<'_>,
    presented: &PresentedKey,
    files: &[PathBuf],
    scan: &str,
) -> fmt::Result {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let names = if names.is_empty() { "known_hosts".to_owned() } else { names.join(" or ") };
    write!(
        f,
        "the host presents {presented}, and no line of {names} knows it; compare the fingerprint with what \
         `ssh-keygen -lf` shows on the host, then run `ssh-keyscan {scan} >> {}`, pin the fingerprint, or choose \
         the policy AcceptNew",
        files.first().map_or_else(|| "~/.ssh/known_hosts".to_owned(), |file| quoted(file)),
    )
}

fn quoted(file: &std::path::Path) -> String {
    let text = file.display().to_string();
    shlex::try_quote(&text).map(std::borrow::Cow::into_owned).unwrap_or(text)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of {}", self.line, self.file.display())
    }
}

impl fmt::Display for PresentedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.fingerprint)
    }
}

impl fmt::Display for KnownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} knows {} {}", self.at, self.algorithm, self.fingerprint)
    }
}
