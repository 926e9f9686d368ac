//! pacman.

use std::collections::HashMap;

use harmony_capabilities::host::{PackageName, PackageState, Transaction};

use super::fault::{Fault, FaultKind};
use super::tool::{Ran, Told, Tool, words};
use super::wish::Wish;

/// pacman.
#[derive(Debug)]
pub(super) struct Pacman;

impl Tool for Pacman {
    fn name(&self) -> &'static str {
        "pacman"
    }

    fn asks(&self) -> &'static str {
        r#"pacman -Q "$@" 2>/dev/null"#
    }

    /// Where an administrator has written what stays as it is.
    fn told_by_files(&self) -> &'static [&'static str] {
        &["/etc/pacman.conf"]
    }

    fn states(&self, asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState> {
        let configuration: Vec<_> =
            told.files.iter().map(|it| String::from_utf8_lossy(it)).collect();
        let lines = || configuration.iter().flat_map(|text| text.lines());
        let ignored: Vec<&str> =
            lines().filter_map(ignored).flat_map(str::split_whitespace).collect();
        let versions: HashMap<&str, &str> =
            told.printed.lines().filter_map(|line| line.split_once(' ')).collect();
        let state = |name: &PackageName| {
            let installed = Some((*versions.get(name.as_str())?).to_owned());
            let held = ignored.contains(&name.as_str());
            Some((name.clone(), PackageState { installed, held, ..PackageState::default() }))
        };
        asked.iter().filter_map(state).collect()
    }

    /// Its lock is a file that it keeps open; one that nobody has open was left behind.
    fn locks(&self) -> &'static [&'static str] {
        &["/var/lib/pacman/db.lck"]
    }

    fn condition(&self) -> &'static str {
        include_str!("condition.sh")
    }

    fn simulates(&self) -> &'static str {
        include_str!("simulate.sh")
    }

    fn simulated(&self, wish: &Wish) -> Vec<String> {
        let removes = wish.remove.iter().map(|name| format!("-{name}"));
        wish.specs('=').chain(removes).collect()
    }

    /// Reads `+ NAME NEW`, `- NAME OLD` and, after them, `installed NAME VERSION`.
    fn read_simulation(&self, wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
        if ran.code != 0 {
            return Err(self.fault(ran.printed));
        }
        let rows = || ran.printed.lines().filter_map(row);
        let old: HashMap<&str, &str> =
            rows().filter(|it| it.0 == "installed").map(|it| (it.1, it.2)).collect();
        let mut transaction = Transaction::default();
        for (sign, name, version) in rows() {
            let (name, version) = (name.to_owned(), version.to_owned());
            match (sign, old.get(name.as_str())) {
                ("+", None) => transaction.installs.push((name, version)),
                ("+", Some(&old)) if old != version => {
                    transaction.upgrades.push((name, old.to_owned(), version));
                }
                ("-", _) => transaction.removes.push((name, version)),
                _ => {}
            }
        }
        let mut names = wish.install.iter().map(|(name, _)| name.as_str());
        let told = |name: &str| rows().any(|it| it.0 == "+" && it.1 == name);
        match names.find(|name| !told(name)) {
            Some(name) => {
                let said = format!("pacman takes something else for `{name}`");
                Err(Fault::new(FaultKind::UnknownPackage, said))
            }
            None => Ok(transaction),
        }
    }

    fn changes(&self, wish: &Wish) -> Vec<Vec<String>> {
        let mut changes = Vec::new();
        if !wish.remove.is_empty() {
            let mut remove = words(["pacman", "-R", "--noconfirm", "--noprogressbar"]);
            remove.extend(wish.remove.iter().map(ToString::to_string));
            changes.push(remove);
        }
        if !wish.install.is_empty() {
            let mut install = words(["pacman", "-S", "--noconfirm", "--noprogressbar"]);
            install.extend(wish.specs('='));
            changes.push(install);
        }
        changes
    }

    fn knows(&self, name: &PackageName) -> Vec<String> {
        words(["pacman", "-Q", name.as_str()])
    }

    fn refreshes(&self, from_nothing: bool) -> Vec<Vec<String>> {
        let refresh = if from_nothing { "-Syy" } else { "-Sy" };
        vec![words(["pacman", refresh, "--noconfirm", "--noprogressbar"])]
    }

    /// The lock that was left behind goes; the database is a folder a package, written one by one.
    fn mends(&self) -> Vec<Vec<String>> {
        vec![words(["rm", "-f", "/var/lib/pacman/db.lck"])]
    }

    fn fault(&self, printed: &str) -> Fault {
        Fault::of(printed, &MEANINGS)
    }
}

fn row(line: &str) -> Option<(&str, &str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?, words.next()?))
}

/// The names of a line `IgnorePkg = …`.
fn ignored(line: &str) -> Option<&str> {
    let (key, names) = line.split_once('=')?;
    (key.trim() == "IgnorePkg").then_some(names)
}

const MEANINGS: [(&str, FaultKind); 14] = [
    ("unable to lock database", FaultKind::Busy),
    ("could not lock database", FaultKind::Busy),
    ("No space left on device", FaultKind::DiskFull),
    ("not enough free disk space", FaultKind::DiskFull),
    ("Read-only file system", FaultKind::ReadOnly),
    ("target not found", FaultKind::UnknownPackage),
    ("does not exist (use '-Sy' to download)", FaultKind::UnknownPackage),
    ("invalid or corrupted database", FaultKind::BrokenIndex),
    ("invalid or corrupted package", FaultKind::StaleIndex),
    ("failed retrieving file", FaultKind::StaleIndex),
    ("could not satisfy dependencies", FaultKind::Conflict),
    ("conflicting dependencies", FaultKind::Conflict),
    ("failed to synchronize", FaultKind::Offline),
    ("unless you are root", FaultKind::Denied),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_moves_and_goes() {
        let printed = "+ p-one 2-1\n+ p-two 1-1\n+ p-same 1-1\n- p-foe 1-1\ninstalled p-one 1-1\ninstalled p-same 1-1\n";
        let install = vec![("p-one".parse().unwrap(), None)];
        let wish = Wish { install, ..Wish::default() };
        let told = Pacman.read_simulation(&wish, &Ran { printed, code: 0 }).unwrap();
        assert_eq!(told.installs, [("p-two".to_owned(), "1-1".to_owned())]);
        assert_eq!(told.upgrades, [("p-one".into(), "1-1".into(), "2-1".into())]);
        assert_eq!(told.removes, [("p-foe".to_owned(), "1-1".to_owned())]);
        let other = "+ p-provider 1-1\n";
        let fault = Pacman.read_simulation(&wish, &Ran { printed: other, code: 0 }).unwrap_err();
        assert_eq!(fault.kind, FaultKind::UnknownPackage);
    }

    #[test]
    fn what_an_administrator_ignores_is_held() {
        assert_eq!(ignored("IgnorePkg   = linux p-one").unwrap().trim(), "linux p-one");
        assert_eq!(ignored("#IgnorePkg   ="), None);
        assert_eq!(ignored("IgnoreGroup = x"), None);
    }
}
