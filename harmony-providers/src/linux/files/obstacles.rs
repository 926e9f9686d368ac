use std::collections::HashMap;

use harmony_types::HostPath;

use crate::linux::Surroundings;
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// What has to be different before anything can be written at a path: no right keeps root from it, but how the file system is mounted.
///
/// A shell that says of root that it can write everywhere tells nothing.
#[derive(Debug)]
pub(in crate::linux) struct Obstacles;

impl Kind for Obstacles {
    type Key = HostPath;
    type Answer = String;

    fn render(paths: &[HostPath], _host: &Surroundings, script: &mut Script) {
        let words = paths.iter().map(HostPath::as_str);
        script.section("obstacles", include_str!("obstacles.sh"), words);
    }

    fn parse(
        paths: &[HostPath],
        _host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<HostPath, String>, Malformed> {
        let section = said.section("obstacles")?;
        let text = section.text();
        let told: Vec<&str> = text.split('\0').collect();
        let of = |path: &HostPath| {
            format!("the file system of {path} is mounted for writing: it is read-only now")
        };
        let obstructed = paths.iter().filter(|path| told.contains(&path.as_str()));
        Ok(obstructed.map(|path| (path.clone(), of(path))).collect())
    }
}
