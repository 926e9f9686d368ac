use std::path::Path;

use async_trait::async_trait;
use harmony_capabilities::host::{
    Content, Directory, Entry, FileStore, HostError, HostErrorKind, NewFile, Ownership, Permissions,
};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};
use harmony_types::{ByteSize, HostPath};

use super::entries::Found;
use super::{Entries, Obstacles};
use crate::linux::Linux;
use crate::linux::change::Change;
use crate::linux::marks::{Marked, Marks};

/// The script that writes a file; uploads take it too.
pub(super) const WRITE: &str = include_str!("write.sh");

#[async_trait]
impl FileStore for Linux {
    async fn entry(&self, path: &HostPath) -> Result<Option<Entry>, HostError> {
        match self.reads().ask::<Entries>(path.clone()).await? {
            None => Ok(None),
            Some(Found::Entry(entry)) => Ok(Some(entry)),
            Some(Found::Hidden) => {
                Err(HostError::new(HostErrorKind::Denied, format!("look at {path}"))
                    .at(self.commands().place())
                    .remedy("log in as root, or allow sudo"))
            }
        }
    }

    async fn obstacle(&self, path: &HostPath) -> Result<Option<String>, HostError> {
        self.reads().ask::<Obstacles>(path.clone()).await
    }

    async fn read(&self, path: &HostPath, most: ByteSize) -> Result<Vec<u8>, HostError> {
        let part = self.part(path, 0, most.as_bytes().saturating_add(1)).await?;
        if part.bytes.len() as u64 > most.as_bytes() {
            let what = format!("read {path}, which is larger than {most}");
            return Err(HostError::new(HostErrorKind::Invalid, what).at(self.commands().place()));
        }
        Ok(part.bytes)
    }

    async fn write(&self, ctx: &Context, file: &NewFile, mark: &Mark) -> Result<(), HostError> {
        let size = file.content.bytes().len() as u64;
        let mut words = self.write_words(&file.path, mark, size);
        words.extend([mode(file.permissions), owner(file.ownership.as_ref())]);
        words.extend(file.check.iter().flatten().cloned());
        let intent = Intent::new("write file", file.path.as_str());
        let change = Change::new(intent, WRITE, words);
        let change = match &file.content {
            Content::Bytes(bytes) => change.input(bytes.clone()),
            Content::Secret(secret) => change.secret_input(secret.clone()),
        };
        self.change(ctx, change).await.map(drop)
    }

    async fn make_directory(
        &self,
        ctx: &Context,
        directory: &Directory,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let path = directory.path.as_str();
        let words = [
            path.to_owned(),
            self.host().marks.path(Marked::Directory, path),
            Marks::text(path, mark),
            mode(directory.permissions),
            owner(directory.ownership.as_ref()),
        ];
        let intent = Intent::new("make directory", path);
        let change = Change::new(intent, include_str!("directory.sh"), words);
        self.change(ctx, change).await.map(drop)
    }

    async fn remove(&self, ctx: &Context, path: &HostPath) -> Result<(), HostError> {
        let marks = [Marked::File, Marked::Directory];
        let marks = marks.map(|kind| self.host().marks.path(kind, path.as_str()));
        let words = std::iter::once(path.as_str().to_owned()).chain(marks);
        let intent = Intent::new("remove", path.as_str());
        let change = Change::new(intent, include_str!("remove.sh"), words);
        self.change(ctx, change).await.map(drop)
    }

    async fn upload(
        &self,
        ctx: &Context,
        from: &Path,
        to: &HostPath,
        mark: &Mark,
    ) -> Result<(), HostError> {
        self.send(ctx, from, to, mark).await
    }

    async fn download(&self, ctx: &Context, from: &HostPath, to: &Path) -> Result<(), HostError> {
        self.fetch(ctx, from, to).await
    }

    async fn marked_files(&self) -> Result<Vec<(HostPath, Mark)>, HostError> {
        let files = self.marked_as::<HostPath>(Marked::File);
        let directories = self.marked_as::<HostPath>(Marked::Directory);
        let (mut files, directories) = tokio::try_join!(files, directories)?;
        files.extend(directories);
        Ok(files)
    }
}

impl Linux {
    /// The first words of the script that writes a file.
    pub(super) fn write_words(&self, path: &HostPath, mark: &Mark, size: u64) -> Vec<String> {
        let name = path.as_str();
        let place = self.host().marks.path(Marked::File, name);
        vec![name.to_owned(), place, Marks::text(name, mark), size.to_string()]
    }
}

/// Octal digits, or nothing.
fn mode(permissions: Option<Permissions>) -> String {
    permissions.map(|permissions| permissions.to_string()).unwrap_or_default()
}

/// `USER:GROUP`, or nothing.
fn owner(ownership: Option<&Ownership>) -> String {
    ownership.map(ToString::to_string).unwrap_or_default()
}
