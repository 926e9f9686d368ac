//! What a host has written to its disk.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The state of every file below some folders that the host itself has written or changed.
///
/// Two of them are equal when nothing was written in between: a write changes the time of the inode's
/// last change, which nobody can set back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    files: BTreeMap<PathBuf, State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Footprint {
    pub(super) fn of(upper: &Path, folders: &[&str]) -> Result<Self> {
        let mut files = BTreeMap::new();
        for folder in folders {
            let top = upper.join(folder.trim_start_matches('/'));
            if top.exists() {
                walk(upper, &top, &mut files)?;
            }
        }
        Ok(Self { files })
    }

    /// The paths that were written, changed or removed between `self` and `later`.
    pub fn changed_until(&self, later: &Self) -> Vec<PathBuf> {
        let changed =
            later.files.iter().filter(|(path, state)| self.files.get(*path) != Some(state));
        let gone = self.files.keys().filter(|path| !later.files.contains_key(*path));
        changed.map(|(path, _)| path).chain(gone).cloned().collect()
    }
}

fn walk(upper: &Path, at: &Path, files: &mut BTreeMap<PathBuf, State>) -> Result<()> {
    let found = fs::symlink_metadata(at).with_context(|| format!("looking at {}", at.display()))?;
    let changed = (found.ctime(), found.ctime_nsec());
    let state = State { inode: found.ino(), size: found.size(), changed };
    files.insert(Path::new("/").join(at.strip_prefix(upper)?), state);
    if found.is_dir() {
        for entry in fs::read_dir(at)? {
            walk(upper, &entry?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_new_files_and_removals_show() {
        let upper = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(upper.path().join("etc").join(name), text);
        fs::create_dir(upper.path().join("etc")).unwrap();
        write("same", "text").unwrap();
        write("written", "text").unwrap();
        write("removed", "text").unwrap();
        let before = Footprint::of(upper.path(), &["/etc", "/missing"]).unwrap();
        assert_eq!(before.changed_until(&before), Vec::<PathBuf>::new());

        write("written", "longer text").unwrap();
        write("new", "text").unwrap();
        fs::remove_file(upper.path().join("etc/removed")).unwrap();

        let after = Footprint::of(upper.path(), &["/etc"]).unwrap();
        let changed = before.changed_until(&after);
        let changed: Vec<&str> = changed.iter().filter_map(|path| path.to_str()).collect();
        assert_eq!(changed, ["/etc", "/etc/new", "/etc/written", "/etc/removed"]);
    }
}
