//! The copy of the workspace in which gates are taken out.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use super::Mutant;

/// A copy of the workspace. It stays where it is between runs, so that only what changed is built again.
#[derive(Clone, Debug)]
pub struct Copy {
    from: PathBuf,
    to: PathBuf,
}

impl Copy {
    /// The copy of the workspace `from` in the folder `to`.
    pub const fn new(from: PathBuf, to: PathBuf) -> Self {
        Self { from, to }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.to
    }

    /// Makes it equal to the workspace again. Files that are equal are not touched.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn restore(&self) -> io::Result<()> {
        let (wanted, found) = (files(&self.from)?, files(&self.to)?);
        for extra in found.difference(&wanted) {
            fs::remove_file(self.to.join(extra))?;
        }
        for file in &wanted {
            let (from, to) = (self.from.join(file), self.to.join(file));
            let text = fs::read(&from)?;
            if fs::read(&to).ok().as_ref() == Some(&text) {
                continue;
            }
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&to, text)?;
        }
        Ok(())
    }

    /// Takes the gate out.
    ///
    /// # Errors
    /// The patch does not apply any more: it has to follow the code it changes.
    pub fn apply(&self, mutant: &Mutant) -> io::Result<()> {
        let git = Command::new("git")
            .args(["apply", "--whitespace=nowarn"])
            .arg(&mutant.path)
            .current_dir(&self.to)
            // The copy may lie inside a repository, which is not what the patch is about.
            .env("GIT_CEILING_DIRECTORIES", self.to.parent().unwrap_or(&self.to))
            .output()?;
        if git.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&git.stderr).trim().to_owned();
        Err(io::Error::other(format!("the patch does not apply any more: {said}")))
    }
}

/// The files below `root`, relative to it, without what is built and what git keeps for itself.
fn files(root: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        if !path.exists() {
            continue;
        }
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            if kind.is_dir() {
                if name != "target" && name != ".git" {
                    folders.push(folder.join(name));
                }
            } else if kind.is_file() && name != ".git" {
                files.insert(folder.join(name));
            }
        }
    }
    Ok(files)
}
