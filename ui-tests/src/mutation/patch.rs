//! A mutant as it is kept: a patch, with the gate it takes out and the case that must notice.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::suite::folder;

/// A gate taken out.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The patch's file name without the extension.
    pub name: String,
    /// What the gate promises.
    pub gate: String,
    /// The case that must fail, or the test that must, as `package/test`.
    pub caught_by: String,
    /// The patch.
    pub path: PathBuf,
}

/// Every mutant, in the order of their names.
///
/// # Errors
/// A patch that cannot be read, or that does not say its gate and its case.
pub fn mutants() -> io::Result<Vec<Mutant>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder("mutants"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "patch"));
    paths.sort();
    paths.iter().map(|path| Mutant::read(path)).collect()
}

impl Mutant {
    fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let line = |label: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(label));
            found
                .map(|rest| rest.trim().to_owned())
                .ok_or_else(|| io::Error::other(format!("{}: no line `{label} …`", path.display())))
        };
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            gate: line("Gate:")?,
            caught_by: line("Caught by:")?,
            path: path.to_owned(),
        })
    }
}
