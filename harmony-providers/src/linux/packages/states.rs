//! What a host has of its packages: all that are asked for in a tick in one process, and the marks.

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState};

use super::tool::{Told, tool};
use crate::linux::Surroundings;
use crate::linux::marks::{Marked, Marks};
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// What a host has of a package.
#[derive(Debug)]
pub(in crate::linux) struct States;

impl Kind for States {
    type Key = PackageName;
    type Answer = PackageState;

    fn render(names: &[PackageName], host: &Surroundings, script: &mut Script) {
        let Some(tool) = host.facts.package_tool.map(tool) else { return };
        script.section("packages", tool.asks(), names.iter().map(PackageName::as_str));
        for path in tool.told_by_files() {
            script.file(*path);
        }
        for name in names {
            script.file(host.marks.path(Marked::Package, name.as_str()));
        }
    }

    fn parse(
        names: &[PackageName],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<PackageName, PackageState>, Malformed> {
        let Some(tool) = host.facts.package_tool.map(tool) else { return Ok(HashMap::new()) };
        let printed = said.section("packages")?;
        // Some tools say with 1 that some of the packages are not there.
        if printed.code > 1 {
            let code = printed.code;
            return Err(Malformed::new(format!("{} ended with code {code}", tool.name())));
        }
        let files = tool.told_by_files().iter().filter_map(|path| said.file(path)).collect();
        let told = Told { printed: &printed.text(), files, facts: &host.facts };
        let mut states = tool.states(names, &told);
        for name in names {
            let content = said.file(&host.marks.path(Marked::Package, name.as_str()));
            if let Some(mark) = Marks::read(name.as_str(), content) {
                states.entry(name.clone()).or_default().mark = Some(mark);
            }
        }
        Ok(states)
    }
}
