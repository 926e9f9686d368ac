use std::fmt;

use harmony_types::{ByteSize, HostPath, Sha256Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::TftpPath;
use crate::keeping::{Difference, Item, differs};

/// A file that a TFTP server shall have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TftpFile {
    /// Where it lies on the server.
    pub path: TftpPath,
    /// What is in it.
    pub content: FileContent,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FileContent {
    /// What is in a file of the machine that Harmony runs on: boot loaders, kernels.
    File {
        /// The file.
        path: HostPath,
        /// Its SHA-256, which a provider checks before it stores the file.
        sha256: Sha256Digest,
    },
    /// A text: boot menus, scripts.
    Text(String),
}

/// A file that a TFTP server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Where it lies on the server.
    pub path: TftpPath,
    /// What is in it, as its SHA-256.
    pub sha256: Sha256Digest,
}

impl TftpFile {
    /// A file with this text in it.
    pub fn text(path: TftpPath, text: impl Into<String>) -> Self {
        Self { path, content: FileContent::Text(text.into()) }
    }

    /// A copy of a file of the machine that Harmony runs on.
    pub const fn copy(path: TftpPath, of: HostPath, sha256: Sha256Digest) -> Self {
        Self { path, content: FileContent::File { path: of, sha256 } }
    }

    /// The file as the server shall have it.
    pub fn stored(&self) -> StoredFile {
        StoredFile { path: self.path.clone(), sha256: self.content.sha256() }
    }
}

impl FileContent {
    /// SHA-256 of what is in it.
    pub fn sha256(&self) -> Sha256Digest {
        match self {
            Self::File { sha256, .. } => *sha256,
            Self::Text(text) => Sha256Digest::new(Sha256::digest(text.as_bytes()).into()),
        }
    }
}

impl fmt::Display for TftpFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            FileContent::File { path, .. } => write!(f, "{} from {path}", self.path),
            FileContent::Text(text) => {
                let size = ByteSize::bytes(text.len().try_into().unwrap_or(u64::MAX));
                write!(f, "{} with {size} of text", self.path)
            }
        }
    }
}

impl fmt::Display for StoredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, sha256 {}", self.path, self.sha256)
    }
}

impl Item for StoredFile {
    const KIND: &'static str = "TFTP file";

    fn key(&self) -> String {
        self.path.to_string()
    }

    fn same(&self, other: &Self) -> bool {
        self.path == other.path
    }

    fn differences(&self, found: &Self) -> Vec<Difference> {
        differs("sha256", &found.sha256, &self.sha256, ToString::to_string).into_iter().collect()
    }
}
