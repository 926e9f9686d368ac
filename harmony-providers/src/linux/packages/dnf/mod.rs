//! dnf and rpm.

mod simulation;

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState, Transaction};

use super::fault::{Fault, FaultKind};
use super::rpm;
use super::tool::{Ran, Told, Tool, words};
use super::wish::Wish;

/// dnf, with rpm below it.
#[derive(Debug)]
pub(super) struct Dnf;

impl Tool for Dnf {
    fn name(&self) -> &'static str {
        "dnf"
    }

    fn asks(&self) -> &'static str {
        rpm::ASKS
    }

    /// The lists of the plugin that holds packages.
    fn told_by_files(&self) -> &'static [&'static str] {
        &["/etc/dnf/plugins/versionlock.list"]
    }

    fn states(&self, asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState> {
        let mut states = rpm::states(asked, told.printed);
        for list in &told.files {
            let list = String::from_utf8_lossy(list);
            for (name, state) in &mut states {
                state.held |= list.lines().any(|line| locks(line, name.as_str()));
            }
        }
        states
    }

    fn locks(&self) -> &'static [&'static str] {
        rpm::LOCKS
    }

    fn condition(&self) -> &'static str {
        include_str!("condition.sh")
    }

    fn simulates(&self) -> &'static str {
        include_str!("simulate.sh")
    }

    /// What goes has a minus before its name, what is released a plus.
    fn simulated(&self, wish: &Wish) -> Vec<String> {
        let removes = wish.remove.iter().map(|name| format!("-{name}"));
        let released = wish.release.iter().map(|name| format!("+{name}"));
        wish.specs('-').chain(removes).chain(released).collect()
    }

    fn read_simulation(&self, wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
        simulation::read(wish, ran)
    }

    fn changes(&self, wish: &Wish) -> Vec<Vec<String>> {
        let mut changes = Vec::new();
        let lock = |verb, names: &[PackageName]| {
            let names = names.iter().map(PackageName::as_str);
            words(["dnf", "--quiet", "--assumeyes", "versionlock", verb].into_iter().chain(names))
        };
        if !wish.release.is_empty() {
            changes.push(lock("delete", &wish.release));
        }
        if !wish.install.is_empty() {
            let mut install = acting();
            if !wish.remove.is_empty() {
                install.push("--allowerasing".into());
            }
            install.push("install".into());
            install.extend(wish.specs('-'));
            changes.push(install);
        }
        if !wish.remove.is_empty() {
            let mut remove = acting();
            remove.push("remove".into());
            remove.extend(wish.remove.iter().map(ToString::to_string));
            changes.push(remove);
        }
        if !wish.hold.is_empty() {
            changes.push(lock("add", &wish.hold));
        }
        changes
    }

    fn knows(&self, name: &PackageName) -> Vec<String> {
        rpm::knows(name)
    }

    fn refreshes(&self, from_nothing: bool) -> Vec<Vec<String>> {
        let mut commands = Vec::new();
        if from_nothing {
            commands.push(words(["dnf", "--quiet", "clean", "metadata"]));
        }
        // A source that cannot be reached is not passed over in silence.
        let mut refresh = acting();
        refresh.extend(words(["--setopt=*.skip_if_unavailable=False", "--refresh", "makecache"]));
        commands.push(refresh);
        commands
    }

    fn mends(&self) -> Vec<Vec<String>> {
        rpm::mends()
    }

    fn fault(&self, printed: &str) -> Fault {
        rpm::fault(printed, &MEANINGS)
    }
}

/// `dnf` that asks nothing, brings only what is needed, removes only what is asked, and does not wait by itself.
fn acting() -> Vec<String> {
    words([
        "dnf",
        "--assumeyes",
        "--setopt=install_weak_deps=False",
        "--setopt=clean_requirements_on_remove=False",
        "--setopt=exit_on_lock=True",
    ])
}

/// Whether a line of the list of held packages, `NAME-EPOCH:VERSION-RELEASE.*`, is about this one.
fn locks(line: &str, name: &str) -> bool {
    line.trim().rsplitn(3, '-').nth(2) == Some(name)
}

const MEANINGS: [(&str, FaultKind); 17] = [
    ("Failed to obtain the transaction lock", FaultKind::Busy),
    ("Another app is currently holding", FaultKind::Busy),
    ("is already running with PID", FaultKind::Busy),
    ("can't create transaction lock", FaultKind::Busy),
    ("Waiting for process with pid", FaultKind::Busy),
    ("No match for argument", FaultKind::UnknownPackage),
    ("Unable to find a match", FaultKind::UnknownPackage),
    ("no cache for", FaultKind::UnknownPackage),
    ("checksum doesn't match", FaultKind::StaleIndex),
    ("Status code: 404", FaultKind::StaleIndex),
    ("GPG check FAILED", FaultKind::Untrusted),
    ("is not signed", FaultKind::Untrusted),
    ("following protected packages", FaultKind::Conflict),
    ("Problem", FaultKind::Conflict),
    ("Failed to download metadata", FaultKind::Offline),
    ("Could not resolve host", FaultKind::Offline),
    ("superuser privileges", FaultKind::Denied),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_package_is_known_by_its_whole_name() {
        assert!(locks("h-one-0:1.0-1.*", "h-one"));
        assert!(!locks("h-one-devel-0:1.0-1.*", "h-one"));
        assert!(!locks("!h-one-0:1.0-1.*", "h-one"));
        assert!(!locks("# Added lock on Sat Nov 21", "h-one"));
    }

    #[test]
    fn complaints_are_told_apart() {
        let kind = |printed| Dnf.fault(printed).kind;
        assert_eq!(
            kind("No match for argument: nope\nError: Unable to find a match: nope"),
            FaultKind::UnknownPackage
        );
        assert_eq!(kind("Error: \n Problem: a conflicts with b"), FaultKind::Conflict);
        assert_eq!(
            kind("Error: Failed to download metadata for repo 'local': Cannot download repomd.xml"),
            FaultKind::Offline
        );
        assert_eq!(kind("error: database disk image is malformed"), FaultKind::Interrupted);
    }
}
