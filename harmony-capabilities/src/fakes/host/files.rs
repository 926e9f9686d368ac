//! Files and directories.

use std::path::Path;

use async_trait::async_trait;
use harmony_phases::{Context, Intent, ownership::Mark};
use harmony_types::{ByteSize, HostPath};

use super::{SimulatedHost, contents::file, simulated::World};
use crate::host::{
    Directory, Entry, EntryKind, FileStore, HostError, HostErrorKind, NewFile, Ownership,
    Permissions,
};

#[async_trait]
impl FileStore for SimulatedHost {
    async fn entry(&self, path: &HostPath) -> Result<Option<Entry>, HostError> {
        self.look(&format!("look at {path}"), |world| Ok(world.contents.files.get(path).cloned()))
            .await
    }

    async fn obstacle(&self, _path: &HostPath) -> Result<Option<String>, HostError> {
        Ok(None)
    }

    async fn read(&self, path: &HostPath, most: ByteSize) -> Result<Vec<u8>, HostError> {
        self.look(&format!("read {path}"), |world| read(world, path, most)).await
    }

    async fn write(&self, ctx: &Context, new: &NewFile, mark: &Mark) -> Result<(), HostError> {
        self.change(ctx, Intent::new("write", new.path.as_str()), |world| world.write(new, mark))
            .await
    }

    async fn make_directory(
        &self,
        ctx: &Context,
        directory: &Directory,
        mark: &Mark,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new("make directory", directory.path.as_str()), |world| {
            world.make_directory(directory, mark)
        })
        .await
    }

    async fn remove(&self, ctx: &Context, path: &HostPath) -> Result<(), HostError> {
        self.change(ctx, Intent::new("remove", path.as_str()), |world| world.remove(path)).await
    }

    async fn upload(
        &self,
        ctx: &Context,
        from: &Path,
        to: &HostPath,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let failed = |error| failure(HostErrorKind::Failed, "upload to", to).caused_by(error);
        let bytes = std::fs::read(from).map_err(failed)?;
        self.change(ctx, Intent::new("upload", to.as_str()), |world| {
            world.put(to, file(&bytes), None, None, mark)
        })
        .await
    }

    async fn download(&self, ctx: &Context, from: &HostPath, to: &Path) -> Result<(), HostError> {
        let bytes = FileStore::read(self, from, ByteSize::gib(1)).await?;
        self.change(ctx, Intent::new("download", from.as_str()), |_| {
            std::fs::write(to, &bytes)
                .map_err(|error| failure(HostErrorKind::Failed, "download", from).caused_by(error))
        })
        .await
    }

    async fn marked_files(&self) -> Result<Vec<(HostPath, Mark)>, HostError> {
        self.look("list marked files", |world| {
            let marked = world.contents.files.iter();
            Ok(marked
                .filter_map(|(path, entry)| Some((path.clone(), entry.mark.clone()?)))
                .collect())
        })
        .await
    }
}

fn read(world: &World, path: &HostPath, most: ByteSize) -> Result<Vec<u8>, HostError> {
    match world.contents.files.get(path).map(|entry| &entry.kind) {
        None => Err(failure(HostErrorKind::NotFound, "read", path)),
        Some(EntryKind::File { size, content: Some(content), .. }) if *size <= most => {
            Ok(content.to_vec())
        }
        Some(_) => Err(failure(HostErrorKind::Failed, "read", path)),
    }
}

fn failure(kind: HostErrorKind, verb: &str, path: &HostPath) -> HostError {
    HostError::new(kind, format!("{verb} {path}"))
}

impl World {
    fn write(&mut self, new: &NewFile, mark: &Mark) -> Result<(), HostError> {
        if let Some(words) = &new.check
            && words.first().is_some_and(|program| program == "false")
        {
            return Err(failure(HostErrorKind::Failed, "check the new content of", &new.path)
                .remedy("the old content is still there"));
        }
        let kind = file(new.content.bytes());
        self.put(&new.path, kind, new.permissions, new.ownership.as_ref(), mark)
    }

    fn put(
        &mut self,
        path: &HostPath,
        kind: EntryKind,
        permissions: Option<Permissions>,
        ownership: Option<&Ownership>,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let files = &self.contents.files;
        let parent = parent(path).and_then(|parent| files.get(&parent));
        if parent.is_none_or(|parent| parent.kind != EntryKind::Directory) {
            return Err(failure(HostErrorKind::NotFound, "write", path)
                .remedy("make its directory before it"));
        }
        let there = files.get(path);
        if there.is_some_and(|there| !matches!(there.kind, EntryKind::File { .. })) {
            return Err(failure(HostErrorKind::Blocked, "write", path));
        }
        let there = there.cloned();
        self.place(path, kind, (permissions, ownership), mark, there, 0o644);
        Ok(())
    }

    fn make_directory(&mut self, directory: &Directory, mark: &Mark) -> Result<(), HostError> {
        let path = &directory.path;
        let there = self.contents.files.get(path).cloned();
        if there.as_ref().is_some_and(|there| there.kind != EntryKind::Directory) {
            return Err(failure(HostErrorKind::Blocked, "make directory", path));
        }
        let mut above = parent(path);
        while let Some(folder) = above {
            if !self.contents.files.contains_key(&folder) {
                self.contents.put(folder.clone(), EntryKind::Directory, 0o755);
            }
            above = parent(&folder);
        }
        let attributes = (directory.permissions, directory.ownership.as_ref());
        self.place(path, EntryKind::Directory, attributes, mark, there, 0o755);
        Ok(())
    }

    /// Puts an entry at a path; one that is as it was keeps its time.
    fn place(
        &mut self,
        path: &HostPath,
        kind: EntryKind,
        (permissions, ownership): (Option<Permissions>, Option<&Ownership>),
        mark: &Mark,
        there: Option<Entry>,
        mode: u16,
    ) {
        let mut entry = there.clone().unwrap_or_else(|| Entry {
            kind: kind.clone(),
            permissions: Permissions::from_bits(mode),
            ownership: Ownership::root(),
            changed_at: self.contents.clock,
            mark: None,
        });
        entry.kind = kind;
        entry.mark = Some(mark.clone());
        if let Some(permissions) = permissions {
            entry.permissions = permissions;
        }
        if let Some(ownership) = ownership {
            entry.ownership = ownership.clone();
        }
        if there.as_ref() != Some(&entry) {
            entry.changed_at = self.contents.clock;
        }
        self.contents.files.insert(path.clone(), entry);
    }

    fn remove(&mut self, path: &HostPath) -> Result<(), HostError> {
        let files = &mut self.contents.files;
        if files.keys().any(|other| parent(other).as_ref() == Some(path)) {
            return Err(failure(HostErrorKind::Blocked, "remove", path).remedy("it is not empty"));
        }
        files.remove(path);
        Ok(())
    }
}

/// The folder that a path lies in; the root lies in none.
fn parent(path: &HostPath) -> Option<HostPath> {
    path.as_path().parent().and_then(|parent| HostPath::try_from(parent).ok())
}
