//! What is wrong with an inventory, and where.

use std::{error::Error, fmt, io, path::PathBuf};

use harmony_types::{AddressError, HostAddress, Hostname, MacAddress};
use thiserror::Error;

/// Why hosts, or what a file says of them, are no inventory.
#[derive(Debug)]
pub struct InventoryError {
    place: Option<Place>,
    kind: InventoryErrorKind,
}

/// What was wrong.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InventoryErrorKind {
    /// A label that a selector could not name.
    #[error("host `{host}` cannot have label `{key}`: {rule}")]
    BadLabel {
        /// The host.
        host: Hostname,
        /// The label's key.
        key: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A user that nobody can log in as.
    #[error("nobody can log in as that user: {}", .0.problem())]
    BadUser(AddressError),
    /// Defaults in a file without hosts.
    #[error(
        "defaults hold for the hosts of their own file, and this one has none; move them to the files that have"
    )]
    DefaultsForNobody,
    /// The text is not TOML, or not of the form of an inventory.
    #[error("{0}")]
    Malformed(String),
    /// A user or a port that the address says already.
    #[error("the address says the {0} already; say it in one place")]
    GivenTwice(&'static str),
    /// A folder without a file to read.
    #[error("the folder has no *.toml file; write one with a [[host]] table")]
    NoFile,
    /// Two hosts are reached at one address and port.
    #[error("hosts `{host}` and `{other}`{} both have address {address}; give one of them another", at(.first.as_ref()))]
    SameAddress {
        /// The host given second.
        host: Hostname,
        /// The host given first.
        other: Hostname,
        /// What both have.
        address: HostAddress,
        /// Where it was given first.
        first: Option<Place>,
    },
    /// One network card is given twice.
    #[error("hosts `{host}` and `{other}`{} both have MAC address {mac}; a card is in one host, and is listed there once", at(.first.as_ref()))]
    SameMac {
        /// The host given second.
        host: Hostname,
        /// The host given first; it may be the same.
        other: Hostname,
        /// What both have.
        mac: MacAddress,
        /// Where it was given first.
        first: Option<Place>,
    },
    /// Two hosts have one name.
    #[error("two hosts are called `{name}`{}; rename one of them", at(.first.as_ref()))]
    SameName {
        /// The name.
        name: Hostname,
        /// Where it was given first.
        first: Option<Place>,
    },
    /// A file or folder cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
}

/// A place in a text, and in which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file; none where the text came from elsewhere.
    pub file: Option<PathBuf>,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl InventoryError {
    pub(super) fn new(place: Option<Place>, kind: InventoryErrorKind) -> Self {
        Self { place, kind }
    }

    /// What was wrong.
    pub const fn kind(&self) -> &InventoryErrorKind {
        &self.kind
    }

    /// Where; none for hosts that were given in Rust.
    pub const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

impl fmt::Display for InventoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

impl Error for InventoryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.kind.source()
    }
}

impl Place {
    /// The place of byte `offset` in `text`.
    pub(super) fn of(file: Option<PathBuf>, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        let (line, column) = (before.matches('\n').count() + 1, line.chars().count() + 1);
        Self { file, line, column }
    }

    /// A file as a whole.
    pub(super) const fn whole(file: PathBuf) -> Self {
        Self { file: Some(file), line: 0, column: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), 0) => write!(f, "{}", file.display()),
            (Some(file), line) => write!(f, "{}:{line}:{}", file.display(), self.column),
            (None, line) => write!(f, "line {line}, column {}", self.column),
        }
    }
}

fn at(place: Option<&Place>) -> String {
    place.map(|place| format!(" ({place})")).unwrap_or_default()
}
