use std::{fmt, str::FromStr, sync::Arc};

use harmony_phases::{Secret, ownership::Mark};
use harmony_types::{ByteSize, HostPath, ParseError, ParseErrorKind, Sha256Digest};
use serde::{Deserialize, Serialize};

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Who may do what with it.
    pub permissions: Permissions,
    /// Whose it is, by the names the host has for them.
    pub ownership: Ownership,
    /// When its content or attributes were changed last (its ctime), in microseconds since 1970 by the host's clock.
    pub changed_at: u64,
    /// The mark it carries.
    pub mark: Option<Mark>,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A directory.
    Directory,
    /// A regular file.
    File {
        /// How large it is.
        size: ByteSize,
        /// The digest of its content.
        digest: Sha256Digest,
        /// Its content, where it is at most 64 KiB and the login may read it.
        content: Option<Arc<[u8]>>,
    },
    /// A device, a pipe or a socket, in words.
    Other(String),
    /// A symbolic link, which is not followed, and where it points.
    Symlink(String),
}

/// What is there, in words that read after "it is".
impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => f.write_str("a directory"),
            Self::File { .. } => f.write_str("a file"),
            Self::Other(what) => write!(f, "{}", what.escape_debug()),
            Self::Symlink(to) => write!(f, "a symbolic link to `{}`", to.escape_debug()),
        }
    }
}

/// A file that shall be written.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Where.
    pub path: HostPath,
    /// What is in it.
    pub content: Content,
    /// Who may do what with it; as the file has it that is there, or 0644.
    pub permissions: Option<Permissions>,
    /// Whose it is; as the file has it that is there, or root's.
    pub ownership: Option<Ownership>,
    /// A command that has to succeed before the file gets its name; `{}` among its words stands for where the new content is until then.
    pub check: Option<Vec<String>>,
}

/// A directory that shall be there.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Where.
    pub path: HostPath,
    /// Who may do what with it; as it has it that is there, or 0755.
    pub permissions: Option<Permissions>,
    /// Whose it is; as it has it that is there, or root's.
    pub ownership: Option<Ownership>,
}

/// What is in a file that shall be written.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes, which a plan may show.
    Bytes(Arc<[u8]>),
    /// Bytes that are not shown.
    Secret(Arc<Secret<String>>),
}

impl Content {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Secret(secret) => secret.expose().as_bytes(),
        }
    }

    /// Whether they must not be shown.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

/// The permission bits of a file or directory, written in octal: `0644`.
///
/// ```
/// use harmony_capabilities::host::Permissions;
/// let private: Permissions = "0600".parse()?;
/// assert_eq!(private.bits(), 0o600);
/// assert_eq!(private.to_string(), "0600");
/// assert!("0888".parse::<Permissions>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Permissions(u16);

impl Permissions {
    /// The bits, at most `0o7777`; higher ones are dropped.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & 0o7777)
    }

    /// The bits.
    pub const fn bits(self) -> u16 {
        self.0
    }
}

impl FromStr for Permissions {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "three or four octal digits, such as `0644`";
        let malformed =
            || ParseError::new("permissions", text, ParseErrorKind::Malformed { expected });
        let digits = text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        if !digits || !(3..=4).contains(&text.len()) {
            return Err(malformed());
        }
        u16::from_str_radix(text, 8).map(Self).map_err(|_| malformed())
    }
}

impl TryFrom<String> for Permissions {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Permissions> for String {
    fn from(permissions: Permissions) -> Self {
        permissions.to_string()
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

/// Whose a file is: a user and a group, by name; by number where the host has no name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ownership {
    /// The user.
    pub user: String,
    /// The group.
    pub group: String,
}

impl Ownership {
    /// Root's.
    pub fn root() -> Self {
        Self { user: "root".to_owned(), group: "root".to_owned() }
    }
}

impl FromStr for Ownership {
    type Err = ParseError;

    /// A user and a group with a colon between them, as chown(1) has it: `www-data:www-data`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "a user and a group with a colon between them, such as `root:root`";
        let named = |name: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "._-$".contains(c);
            !name.is_empty() && !name.starts_with('-') && name.chars().all(fits)
        };
        match text.split_once(':') {
            Some((user, group)) if named(user) && named(group) => {
                Ok(Self { user: user.to_owned(), group: group.to_owned() })
            }
            _ => Err(ParseError::new("owner", text, ParseErrorKind::Malformed { expected })),
        }
    }
}

impl TryFrom<String> for Ownership {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Ownership> for String {
    fn from(ownership: Ownership) -> Self {
        ownership.to_string()
    }
}

impl fmt::Display for Ownership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.user, self.group)
    }
}
