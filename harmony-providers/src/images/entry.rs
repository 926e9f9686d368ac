use std::path::{Path, PathBuf};

use harmony_capabilities::virtualization::Checksum;
use harmony_types::Sha256Digest;
use sha2::{Digest, Sha256};
use url::Url;

/// The files of one image in the cache.
///
/// A verified image is named by its digest, so the same image from two addresses is kept once; an
/// unverified one by its address.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    folder: PathBuf,
    key: String,
}

impl Entry {
    pub(crate) fn new(folder: &Path, url: &Url, checksum: &Checksum) -> Self {
        let key = match checksum {
            Checksum::Sha256(digest) => format!("sha256-{digest}"),
            Checksum::Unverified => {
                let digest = Sha256Digest::new(Sha256::digest(url.as_str()).into());
                format!("unverified-{digest}")
            }
        };
        Self { folder: folder.to_owned(), key }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The complete image.
    pub(crate) fn image(&self) -> PathBuf {
        self.folder.join(&self.key)
    }

    /// What the server said about the complete image.
    pub(crate) fn image_notes(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.key))
    }

    /// What has arrived so far.
    pub(crate) fn partial(&self) -> PathBuf {
        self.folder.join(format!("{}.partial", self.key))
    }

    /// What the server said about the image of which a part has arrived.
    pub(crate) fn partial_notes(&self) -> PathBuf {
        self.folder.join(format!("{}.partial.json", self.key))
    }

    /// The file whose lock says that someone works on this entry.
    pub(crate) fn lock(&self) -> PathBuf {
        self.folder.join(format!("{}.lock", self.key))
    }
}
