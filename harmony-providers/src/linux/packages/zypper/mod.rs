//! zypper and rpm.

mod simulation;

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState, Transaction};

use super::fault::{Fault, FaultKind};
use super::rpm;
use super::tool::{Ran, Told, Tool, words};
use super::wish::Wish;

/// zypper, with rpm below it.
#[derive(Debug)]
pub(super) struct Zypper;

impl Tool for Zypper {
    fn name(&self) -> &'static str {
        "zypper"
    }

    fn asks(&self) -> &'static str {
        rpm::ASKS
    }

    fn told_by_files(&self) -> &'static [&'static str] {
        &["/etc/zypp/locks"]
    }

    fn states(&self, asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState> {
        let mut states = rpm::states(asked, told.printed);
        for locks in &told.files {
            let locks = String::from_utf8_lossy(locks);
            let held = || locks.lines().filter_map(|line| line.strip_prefix("solvable_name: "));
            for (name, state) in &mut states {
                state.held |= held().any(|it| it.trim() == name.as_str());
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

    /// What is released has a plus before its name.
    fn simulated(&self, wish: &Wish) -> Vec<String> {
        let released = wish.release.iter().map(|name| format!("+{name}"));
        targets(wish).into_iter().chain(released).collect()
    }

    fn read_simulation(&self, wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
        simulation::read(wish, ran)
    }

    fn changes(&self, wish: &Wish) -> Vec<Vec<String>> {
        let mut changes = Vec::new();
        let lock = |verb, names: &[PackageName]| {
            let names = names.iter().map(PackageName::as_str);
            words(["zypper", "--non-interactive", "--quiet", verb].into_iter().chain(names))
        };
        if !wish.release.is_empty() {
            changes.push(lock("removelock", &wish.release));
        }
        if wish.moves_packages() {
            let mut install = words(["zypper", "--non-interactive", "--no-refresh", "install"]);
            install.extend(words([
                "--auto-agree-with-licenses",
                "--no-recommends",
                "--oldpackage",
            ]));
            install.extend(words(["--name", "--"]));
            install.extend(targets(wish));
            changes.push(install);
        }
        if !wish.hold.is_empty() {
            changes.push(lock("addlock", &wish.hold));
        }
        changes
    }

    fn knows(&self, name: &PackageName) -> Vec<String> {
        rpm::knows(name)
    }

    fn refreshes(&self, from_nothing: bool) -> Vec<Vec<String>> {
        let mut refresh = words(["zypper", "--non-interactive", "--quiet", "refresh"]);
        if from_nothing {
            refresh.push("--force".into());
        }
        vec![refresh]
    }

    fn mends(&self) -> Vec<Vec<String>> {
        rpm::mends()
    }

    /// It does not wait for its lock by itself.
    fn environment(&self) -> &'static [(&'static str, &'static str)] {
        &[("ZYPP_LOCK_TIMEOUT", "0")]
    }

    fn fault(&self, printed: &str) -> Fault {
        rpm::fault(printed, &MEANINGS)
    }
}

/// `name`, `name=version`, and `!name` for what goes.
fn targets(wish: &Wish) -> Vec<String> {
    wish.specs('=').chain(wish.remove.iter().map(|name| format!("!{name}"))).collect()
}

const MEANINGS: [(&str, FaultKind); 14] = [
    ("System management is locked", FaultKind::Busy),
    ("can't create transaction lock", FaultKind::Busy),
    ("not found.", FaultKind::UnknownPackage),
    ("No provider of", FaultKind::UnknownPackage),
    ("remove lock to allow", FaultKind::Held),
    ("Problem", FaultKind::Conflict),
    ("Digest verification failed", FaultKind::StaleIndex),
    ("wrong checksum", FaultKind::StaleIndex),
    ("File not found on medium", FaultKind::StaleIndex),
    ("Signature verification failed", FaultKind::Untrusted),
    ("Valid metadata not found", FaultKind::Offline),
    ("Could not resolve host", FaultKind::Offline),
    ("Connection failed", FaultKind::Offline),
    ("Root privileges are required", FaultKind::Denied),
];
