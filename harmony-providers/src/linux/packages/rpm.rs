//! What dnf and zypper have in common: rpm below them.

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState};

use super::fault::{Fault, FaultKind, Meanings};
use super::tool::words;

/// Prints `NAME VERSION ARCHITECTURE`, separated by tabs; for what is not there a sentence without any. rpm ends
/// with the number of those.
pub(super) const ASKS: &str = r#"command -v rpm >/dev/null || return
rpm -q --qf '%{NAME}\t%{EVR}\t%{ARCH}\n' "$@" 2>/dev/null
:"#;

/// Where its lock is, by where its database is.
pub(super) const LOCKS: &[&str] = &["/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"];

/// What rpm complains about, under any tool.
const MEANINGS: [(&str, FaultKind); 7] = [
    ("No space left on device", FaultKind::DiskFull),
    ("more space needed on the", FaultKind::DiskFull),
    ("Read-only file system", FaultKind::ReadOnly),
    ("database disk image is malformed", FaultKind::Interrupted),
    ("cannot open Packages", FaultKind::Interrupted),
    ("rpmdb: damaged header", FaultKind::Interrupted),
    ("DB_RUNRECOVERY", FaultKind::Interrupted),
];

/// Reads what [`ASKS`] printed. rpm finds a package by more than its name, so names are compared; of
/// several versions the last counts, which is the newest.
pub(super) fn states(asked: &[PackageName], printed: &str) -> HashMap<PackageName, PackageState> {
    let mut states = HashMap::new();
    for line in printed.lines() {
        let mut fields = line.split('\t');
        let (Some(name), Some(version), Some(architecture)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let full = format!("{name}.{architecture}");
        for asked in asked.iter().filter(|it| it.as_str() == name || it.as_str() == full) {
            let installed = Some(version.to_owned());
            states.insert(asked.clone(), PackageState { installed, ..PackageState::default() });
        }
    }
    states
}

pub(super) fn knows(name: &PackageName) -> Vec<String> {
    words(["rpm", "-q", name.as_str()])
}

/// What a complaint means, of the tool or of rpm below it.
pub(super) fn fault(printed: &str, of_tool: &Meanings) -> Fault {
    let meanings: Vec<_> = of_tool.iter().copied().chain(MEANINGS).collect();
    Fault::of(printed, &meanings)
}

/// Makes the database whole after it was damaged.
pub(super) fn mends() -> Vec<Vec<String>> {
    vec![words(["rpm", "--rebuilddb"])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_told_and_what_else_was_found_is_not_it() {
        let asked: Vec<PackageName> =
            ["h-one", "h-three", "nope", "h-two-1.0"].map(|name| name.parse().unwrap()).into();
        let printed = "h-one\t1.0-1\tnoarch\nh-one\t2.0-1\tnoarch\nh-three\t1:3-1\tnoarch\n\
            package nope is not installed\nh-two\t1.0-1\tnoarch\n";
        let states = states(&asked, printed);
        assert_eq!(states[&asked[0]].installed.as_deref(), Some("2.0-1"));
        assert_eq!(states[&asked[1]].installed.as_deref(), Some("1:3-1"));
        assert_eq!(states.len(), 2);
    }
}
