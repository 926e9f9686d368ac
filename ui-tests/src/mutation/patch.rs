//! A mutant as it is kept: a patch, with the gate it takes out and the case that must notice.

use std::{
    fmt, fs, io,
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
    /// What must fail, each of them.
    pub caught_by: Witnesses,
    /// Whether these need libvirt's headers.
    pub needs_libvirt: bool,
    /// The patch.
    pub path: PathBuf,
}

/// What notices that a gate is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witnesses {
    /// These cases; one gate may refuse several kinds of mistakes.
    Cases(Vec<String>),
    /// This test of a package.
    Test {
        /// The package.
        package: String,
        /// The test.
        test: String,
    },
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
        let header = text.split("\n\n").next().unwrap_or_default();
        let label = |label: &str| header.lines().find_map(|line| line.strip_prefix(label));
        let line = |name: &str| {
            let missing = || io::Error::other(format!("{}: no line `{name} …`", path.display()));
            label(name).map(str::trim).ok_or_else(missing)
        };
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            gate: line("Gate:")?.to_owned(),
            caught_by: Witnesses::read(line("Caught by:")?),
            needs_libvirt: label("Needs:").is_some_and(|what| what.trim() == "libvirt"),
            path: path.to_owned(),
        })
    }
}

impl Witnesses {
    fn read(line: &str) -> Self {
        match line.split_once('/') {
            Some((package, test)) => {
                Self::Test { package: package.to_owned(), test: test.to_owned() }
            }
            None => Self::Cases(line.split(", ").map(str::to_owned).collect()),
        }
    }
}

impl fmt::Display for Witnesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cases(cases) => f.write_str(&cases.join(", ")),
            Self::Test { package, test } => write!(f, "{package}/{test}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::cases;

    #[test]
    fn witnesses_are_cases_or_a_test() {
        let both = Witnesses::Cases(vec!["a".to_owned(), "b_c".to_owned()]);
        assert_eq!(Witnesses::read("a, b_c"), both);
        assert_eq!(Witnesses::read("p/t").to_string(), "p/t");
    }

    #[test]
    fn every_mutant_names_cases_that_exist_and_what_they_need() {
        let cases = cases().expect("the cases are readable");
        for mutant in mutants().expect("the mutants are readable") {
            let Witnesses::Cases(names) = &mutant.caught_by else { continue };
            for name in names {
                let case = cases.iter().find(|case| case.name == *name);
                let needs = case.map(crate::suite::Case::needs_libvirt);
                assert_eq!(needs, Some(mutant.needs_libvirt), "{} by {name}", mutant.name);
            }
        }
    }
}
