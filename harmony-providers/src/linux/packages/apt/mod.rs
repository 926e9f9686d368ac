//! apt and dpkg.

mod simulation;
mod states;

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState, Transaction};

use super::fault::{Fault, FaultKind};
use super::tool::{Ran, Told, Tool, words};
use super::wish::Wish;

/// apt-get, with dpkg below it.
#[derive(Debug)]
pub(super) struct Apt;

impl Tool for Apt {
    fn name(&self) -> &'static str {
        "apt"
    }

    fn asks(&self) -> &'static str {
        r#"dpkg-query -W -f '${Package}\t${Architecture}\t${Version}\t${db:Status-Abbrev}\n' "$@" 2>/dev/null"#
    }

    fn states(&self, asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState> {
        states::read(asked, told)
    }

    fn locks(&self) -> &'static [&'static str] {
        &[
            "/var/lib/dpkg/lock-frontend",
            "/var/lib/dpkg/lock",
            "/var/lib/apt/lists/lock",
            "/var/cache/apt/archives/lock",
        ]
    }

    fn condition(&self) -> &'static str {
        include_str!("condition.sh")
    }

    fn simulates(&self) -> &'static str {
        include_str!("simulate.sh")
    }

    fn stands_on(&self) -> &'static [&'static str] {
        &[
            "/etc/apt",
            "/var/lib/apt/extended_states",
            "/var/lib/apt/lists",
            "/var/lib/dpkg/arch",
            "/var/lib/dpkg/status",
        ]
    }

    /// Without `--yes`, which makes a simulation stop where it should tell.
    fn simulated(&self, wish: &Wish) -> Vec<String> {
        let mut words = words(["--no-install-recommends", "install"]);
        words.extend(targets(wish));
        words
    }

    fn read_simulation(&self, wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
        simulation::read(wish, ran)
    }

    fn changes(&self, wish: &Wish) -> Vec<Vec<String>> {
        let mut changes = Vec::new();
        let marks = |verb, names: &[PackageName]| {
            let names = names.iter().map(PackageName::as_str);
            words(["apt-mark", "-qq", verb].into_iter().chain(names))
        };
        if !wish.release.is_empty() {
            changes.push(marks("unhold", &wish.release));
        }
        if wish.moves_packages() {
            let mut install = acting(["--no-install-recommends"]);
            if wish.names_versions() {
                install.push("--allow-downgrades".into());
            }
            if wish.remove.is_empty() {
                install.push("--no-remove".into());
            }
            install.push("install".into());
            install.extend(targets(wish));
            changes.push(install);
        }
        if !wish.hold.is_empty() {
            changes.push(marks("hold", &wish.hold));
        }
        changes
    }

    /// By `--no-remove`, by apt's own refusal to change what is held, and by [`GUARD`]; not for names that apt may take
    /// for patterns.
    fn guarded(&self, wish: &Wish) -> Option<Vec<Vec<String>>> {
        let plain = |name: &str| name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        let names: Vec<&str> = wish.install.iter().map(|(name, _)| name.as_str()).collect();
        let only_comes = wish.remove.is_empty() && wish.release.is_empty() && !names.is_empty();
        if !only_comes || !names.iter().all(|name| plain(name)) {
            return None;
        }
        let hook = format!("AptCli::Hooks::Install::={GUARD}");
        let prefix =
            words(["env", &format!("HARMONY_ASKED={}", names.join(" ")), "apt-get", "-o", &hook]);
        let guard = |mut change: Vec<String>| {
            if change.first().is_some_and(|word| word == "apt-get") {
                change.splice(..1, prefix.iter().cloned());
            }
            change
        };
        Some(self.changes(wish).into_iter().map(guard).collect())
    }

    fn knows(&self, name: &PackageName) -> Vec<String> {
        words(["dpkg-query", "-W", name.as_str()])
    }

    /// Leaves the stamp that update-notifier and others leave, too: the index's own files have the
    /// times of their source.
    fn refreshes(&self, from_nothing: bool) -> Vec<Vec<String>> {
        let mut commands = Vec::new();
        if from_nothing {
            let lists = "rm -rf /var/lib/apt/lists/* /var/cache/apt/pkgcache.bin /var/cache/apt/srcpkgcache.bin";
            commands.push(words(["sh", "-c", lists]));
        }
        let mut update = acting(["-o", "APT::Update::Error-Mode=any"]);
        update.push("update".into());
        commands.push(update);
        commands.push(words(["mkdir", "-p", "/var/lib/apt/periodic"]));
        commands.push(words(["touch", "/var/lib/apt/periodic/update-success-stamp"]));
        commands
    }

    /// dpkg configures no package that it wants to be installed again first, and ends with an error for it; nor does
    /// `--fix-broken`.
    fn mends(&self) -> Vec<Vec<String>> {
        let begin = ["sh", "-c", FORGIVEN, "sh", "dpkg", "--force-confdef", "--force-confold"];
        let begin = words(begin.into_iter().chain(["--configure", "-a"]));
        let mut again = words(["sh", "-c", AGAIN, "sh"]);
        again.extend(acting(["--no-install-recommends", "--no-remove", "--reinstall", "install"]));
        let mut fix = acting(["--no-install-recommends", "--fix-broken"]);
        fix.push("install".into());
        vec![begin, again, fix]
    }

    /// Nothing may ask a question: not debconf, not ucf, and not the hooks that some hosts have.
    fn environment(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("APT_LISTBUGS_FRONTEND", "none"),
            ("APT_LISTCHANGES_FRONTEND", "none"),
            ("DEBIAN_FRONTEND", "noninteractive"),
            ("NEEDRESTART_MODE", "l"),
            ("UCF_FORCE_CONFFOLD", "1"),
        ]
    }

    fn fault(&self, printed: &str) -> Fault {
        Fault::of(printed, &MEANINGS)
    }
}

/// `apt-get` that asks nothing, keeps configuration files, shows no bars and does not wait by itself.
fn acting<'a>(options: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let always = [
        "apt-get",
        "--quiet",
        "--yes",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "Dpkg::Options::=--force-confdef",
        "-o",
        "Dpkg::Options::=--force-confold",
        "-o",
        "DPkg::Lock::Timeout=0",
    ];
    words(always.into_iter().chain(options))
}

/// `name`, `name=version`, and `name-` for what goes.
fn targets(wish: &Wish) -> Vec<String> {
    wish.specs('=').chain(wish.remove.iter().map(|name| format!("{name}-"))).collect()
}

/// Ends apt before it does anything, unless each of the packages `$HARMONY_ASKED` is among those that something happens to:
/// a name that it does not know may be one that another package provides.
const GUARD: &str = include_str!("guard.sh");

/// Runs the command `"$@"`, whose failure is forgiven where dpkg wants packages to be installed again.
const FORGIVEN: &str = r#""$@" || {
    code=$?
    dpkg-query -W -f '${db:Status-Eflag}\n' | grep -q '^reinstreq' || exit "$code"
}"#;

/// Tells the command `"$@"` which packages dpkg wants to be installed again, if there are any: the power went when it
/// had unpacked them.
const AGAIN: &str = r#"names=$(dpkg-query -W -f '${db:Status-Want} ${db:Status-Eflag} ${binary:Package}\n' |
    sed -n 's/^install reinstreq //p')
[ -z "$names" ] || exec "$@" $names"#;

/// From the most telling to the most general.
const MEANINGS: [(&str, FaultKind); 37] = [
    ("Could not get lock", FaultKind::Busy),
    ("Unable to acquire the dpkg frontend lock", FaultKind::Busy),
    ("Unable to lock directory", FaultKind::Busy),
    ("is locked by another process", FaultKind::Busy),
    ("No space left on device", FaultKind::DiskFull),
    ("You don't have enough free space", FaultKind::DiskFull),
    ("Read-only file system", FaultKind::ReadOnly),
    ("is not valid yet", FaultKind::Clock),
    ("is expired", FaultKind::Clock),
    ("dpkg was interrupted", FaultKind::Interrupted),
    ("--fix-broken install", FaultKind::Interrupted),
    ("needs to be reinstalled", FaultKind::Interrupted),
    ("apt sees nothing to install in", FaultKind::UnknownPackage),
    ("Unable to locate package", FaultKind::UnknownPackage),
    ("' was not found", FaultKind::UnknownPackage),
    ("has no installation candidate", FaultKind::UnknownPackage),
    ("Couldn't find any package", FaultKind::UnknownPackage),
    ("package cache file is corrupted", FaultKind::BrokenIndex),
    ("could not be parsed or opened", FaultKind::BrokenIndex),
    ("Unable to parse package file", FaultKind::BrokenIndex),
    ("Problem with MergeList", FaultKind::BrokenIndex),
    ("Encountered a section with no Package", FaultKind::BrokenIndex),
    ("Hash Sum mismatch", FaultKind::StaleIndex),
    ("unexpected size", FaultKind::StaleIndex),
    ("404  Not Found", FaultKind::StaleIndex),
    ("File not found", FaultKind::StaleIndex),
    ("signatures couldn't be verified", FaultKind::Untrusted),
    ("is not signed", FaultKind::Untrusted),
    ("cannot be authenticated", FaultKind::Untrusted),
    ("Held packages were changed", FaultKind::Held),
    ("unmet dependencies", FaultKind::Conflict),
    ("Unable to correct problems", FaultKind::Conflict),
    ("remove is disabled", FaultKind::Conflict),
    ("Failed to fetch", FaultKind::Offline),
    ("Unable to fetch", FaultKind::Offline),
    ("are you root?", FaultKind::Denied),
    ("Permission denied", FaultKind::Denied),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(install: &[(&str, Option<&str>)], remove: &[&str]) -> Wish {
        let install = install.iter();
        Wish {
            install: install
                .map(|(name, version)| (name.parse().unwrap(), version.map(str::to_owned)))
                .collect(),
            remove: remove.iter().map(|name| name.parse().unwrap()).collect(),
            ..Wish::default()
        }
    }

    #[test]
    fn nothing_is_removed_and_no_version_goes_back_unasked() {
        let [change] = &Apt.changes(&wish(&[("a", None)], &[]))[..] else { panic!("one") };
        assert!(change.contains(&"--no-remove".to_owned()));
        assert!(!change.contains(&"--allow-downgrades".to_owned()));
        assert_eq!(change[change.len() - 2..], ["install", "a"]);
        let [change] = &Apt.changes(&wish(&[("a", Some("1"))], &["b"]))[..] else { panic!("one") };
        assert!(!change.contains(&"--no-remove".to_owned()));
        assert_eq!(change[change.len() - 3..], ["install", "a=1", "b-"]);
    }

    #[test]
    fn what_only_comes_needs_no_simulation_before_it() {
        let [change] = &Apt.guarded(&wish(&[("a", None), ("b-c", Some("1"))], &[])).unwrap()[..]
        else {
            panic!("one")
        };
        assert_eq!(change[..4], ["env", "HARMONY_ASKED=a b-c", "apt-get", "-o"]);
        assert!(change.contains(&"--no-remove".to_owned()));
        for (install, remove) in
            [(vec![("a", None)], vec!["b"]), (vec![("g++", None)], vec![]), (vec![], vec![])]
        {
            assert_eq!(Apt.guarded(&wish(&install, &remove)), None);
        }
        let release = vec!["a".parse().unwrap()];
        assert_eq!(Apt.guarded(&Wish { release, ..wish(&[("a", None)], &[]) }), None);
    }

    #[test]
    fn complaints_are_told_apart() {
        let kind = |printed| Apt.fault(printed).kind;
        assert_eq!(
            kind("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 349"),
            FaultKind::Busy
        );
        assert_eq!(
            kind("E: dpkg was interrupted, you must manually run 'dpkg --configure -a'"),
            FaultKind::Interrupted
        );
        assert_eq!(kind("E: Version '9' for 'h-one' was not found"), FaultKind::UnknownPackage);
        assert_eq!(
            kind("E: Failed to fetch http://x/a.deb  404  Not Found [IP: 1.2.3.4 80]"),
            FaultKind::StaleIndex
        );
        assert_eq!(
            kind("E: Failed to fetch http://x/InRelease  Temporary failure resolving 'x'"),
            FaultKind::Offline
        );
        assert_eq!(
            kind("E: Write error - write (28: No space left on device)"),
            FaultKind::DiskFull
        );
        assert_eq!(kind("E: something new"), FaultKind::Other);
    }
}
