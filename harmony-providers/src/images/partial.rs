use std::{
    fs::{self, File, OpenOptions},
    io::{self, SeekFrom},
    path::Path,
};

use harmony_phases::Permit;
use harmony_types::Sha256Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::{
    entry::Entry,
    hashing::{digest_of, hash_into},
};

/// What the server said about an image: enough to ask for the rest of the same one later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// The address it comes from.
    pub(crate) url: String,
    /// A strong ETag, or the time of its last change.
    pub(crate) validator: Option<String>,
    /// How long it is, in bytes.
    pub(crate) total: Option<u64>,
}

impl Notes {
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let text = fs::read(path).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        // Notes that were cut off do not parse, and then the download starts anew.
        fs::write(path, text)
    }
}

/// The part of an image that has arrived, open for more.
#[derive(Debug)]
pub(crate) struct Partial {
    entry: Entry,
    file: tokio::fs::File,
    hasher: Sha256,
    len: u64,
    /// How many of the bytes an earlier attempt brought.
    earlier: u64,
    notes: Option<Notes>,
}

impl Partial {
    /// Opens the partial file of `entry`, creating it where there is none, and hashes what it has.
    pub(crate) async fn open(_permit: &Permit, entry: &Entry) -> io::Result<Self> {
        let entry = entry.clone();
        let (file, hasher, len, entry) = blocking(move || {
            let path = entry.partial();
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(path)?;
            let mut hasher = Sha256::new();
            let len = hash_into(&mut hasher, &mut file, |_| true)?;
            Ok((file, hasher, len, entry))
        })
        .await?;
        let notes = Notes::read(&entry.partial_notes());
        let file = tokio::fs::File::from_std(file);
        Ok(Self { entry, file, hasher, len, earlier: len, notes })
    }

    pub(crate) const fn len(&self) -> u64 {
        self.len
    }

    /// Whether it is put together from what several attempts brought.
    pub(crate) const fn is_joined(&self) -> bool {
        self.earlier > 0
    }

    /// What the server said when this part arrived.
    pub(crate) const fn notes(&self) -> Option<&Notes> {
        self.notes.as_ref()
    }

    /// Forgets what has arrived and starts with the first byte again.
    pub(crate) async fn restart(&mut self, _permit: &Permit) -> io::Result<()> {
        self.file.set_len(0).await?;
        self.file.seek(SeekFrom::Start(0)).await?;
        self.hasher = Sha256::new();
        self.len = 0;
        self.earlier = 0;
        self.notes = None;
        Ok(())
    }

    /// Writes down what the server says, before the bytes that it is about.
    pub(crate) fn note(&mut self, _permit: &Permit, notes: Notes) -> io::Result<()> {
        notes.write(&self.entry.partial_notes())?;
        self.notes = Some(notes);
        Ok(())
    }

    pub(crate) async fn append(&mut self, _permit: &Permit, chunk: &[u8]) -> io::Result<()> {
        self.file.write_all(chunk).await?;
        self.hasher.update(chunk);
        self.len += chunk.len() as u64;
        Ok(())
    }

    /// Hands what was appended to the system, so that the next process finds it.
    pub(crate) async fn flush(&mut self, _permit: &Permit) -> io::Result<()> {
        self.file.flush().await
    }

    /// The digest of what has arrived.
    pub(crate) fn digest(&self) -> Sha256Digest {
        digest_of(self.hasher.clone())
    }

    /// Removes what has arrived.
    pub(crate) async fn discard(self, _permit: &Permit) -> io::Result<()> {
        let Self { entry, file, .. } = self;
        drop(file);
        blocking(move || {
            remove_if_there(&entry.partial())?;
            remove_if_there(&entry.partial_notes())
        })
        .await
    }

    /// Gives the image its name, once it is on the disk: what has the name is complete.
    pub(crate) async fn finish(self, _permit: &Permit) -> io::Result<()> {
        let Self { entry, mut file, notes, .. } = self;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        blocking(move || {
            notes.unwrap_or_default().write(&entry.image_notes())?;
            fs::rename(entry.partial(), entry.image())?;
            remove_if_there(&entry.partial_notes())?;
            // The rename is durable only once the folder is.
            File::open(entry.folder())?.sync_all()
        })
        .await
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
