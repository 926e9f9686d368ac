//! What dpkg says about packages.

use std::collections::HashMap;

use harmony_capabilities::host::{Architecture, Facts, PackageName, PackageState};

use crate::linux::packages::tool::Told;

/// A line of `dpkg-query`.
struct Row<'a> {
    name: &'a str,
    architecture: &'a str,
    version: &'a str,
    status: &'a str,
}

/// Reads `NAME ARCHITECTURE VERSION STATUS`, separated by tabs.
pub(super) fn read(asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState> {
    let rows: Vec<Row<'_>> = told.printed.lines().filter_map(Row::read).collect();
    let native = native(told.facts);
    let mut states = HashMap::with_capacity(asked.len());
    for name in asked {
        let row = rows.iter().find(|row| row.is(name.as_str(), native));
        if let Some(state) = row.and_then(Row::state) {
            states.insert(name.clone(), state);
        }
    }
    states
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Self { name: next()?, architecture: next()?, version: next()?, status: next()? })
    }

    /// A name without an architecture is that of the host's own, where it is known which that is.
    fn is(&self, asked: &str, native: Option<&str>) -> bool {
        if let Some((name, architecture)) = asked.split_once(':') {
            return self.name == name && ["any", self.architecture].contains(&architecture);
        }
        let ours = native.is_none_or(|native| [native, "all"].contains(&self.architecture));
        self.name == asked && ours
    }

    /// Reads `hi `: held and installed; the third letter says that it has to be installed again.
    fn state(&self) -> Option<PackageState> {
        let mut letters = self.status.chars();
        let (want, status) = (letters.next()?, letters.next()?);
        // Pending triggers are work that was cut short as much as a missing configuration.
        let broken = "FHUWt".contains(status) || letters.next() == Some('R');
        let there = !"nc".contains(status);
        there.then(|| PackageState {
            installed: Some(self.version.to_owned()),
            held: want == 'h',
            broken,
            mark: None,
        })
    }
}

const fn native(facts: &Facts) -> Option<&'static str> {
    match facts.architecture {
        Architecture::Aarch64 => Some("arm64"),
        Architecture::X86_64 => Some("amd64"),
        Architecture::Other(_) => None,
    }
}
