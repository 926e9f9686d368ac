//! What apt would do, as it tells its hooks.

use harmony_capabilities::host::Transaction;
use serde::Deserialize;

use crate::linux::packages::fault::{Fault, FaultKind};
use crate::linux::packages::tool::{Ran, Tool as _};
use crate::linux::packages::wish::Wish;

use super::Apt;

/// The message before anything is done, of which there is one in a line of its own (apt's
/// `doc/json-hooks-protocol.md`, since apt 1.6).
#[derive(Debug, Deserialize)]
struct BeforeThePrompt {
    params: Params,
}

#[derive(Debug, Deserialize)]
struct Params {
    packages: Vec<Package>,
}

/// A package that something happens to.
#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    architecture: String,
    mode: String,
    versions: Versions,
}

#[derive(Debug, Deserialize)]
struct Versions {
    /// The one that comes.
    install: Option<Version>,
    /// The one that is there.
    current: Option<Version>,
}

#[derive(Debug, Deserialize)]
struct Version {
    version: String,
}

/// Reads what a simulation printed.
pub(super) fn read(wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
    if ran.code != 0 {
        return Err(Apt.fault(ran.printed));
    }
    // apt takes a name it does not know for a pattern, or for what another package provides.
    if let Some(line) = ran.printed.lines().find(|line| line.starts_with("Note, selecting ")) {
        return Err(Fault::new(FaultKind::UnknownPackage, line));
    }
    if let Some(name) = held_by_others(wish, ran.printed) {
        return Err(Fault::new(FaultKind::Held, name));
    }
    let transaction = told(ran.printed).map_err(|why| {
        let said = format!("apt does not tell what it would do, as apt 1.6 and later do: {why}");
        Fault::new(FaultKind::Other, said)
    })?;
    misread(wish, &transaction).map_or(Ok(transaction), Err)
}

fn told(printed: &str) -> Result<Transaction, String> {
    let message = printed.lines().find(|line| line.starts_with("{\"jsonrpc\""));
    let message = message.ok_or("its hook heard nothing")?;
    let message: BeforeThePrompt =
        serde_json::from_str(message).map_err(|error| error.to_string())?;
    let native = printed.lines().find_map(|line| line.strip_prefix("native ")).unwrap_or_default();
    let mut transaction = Transaction::default();
    for package in message.params.packages {
        put(&mut transaction, package, native)?;
    }
    Ok(transaction)
}

fn put(transaction: &mut Transaction, package: Package, native: &str) -> Result<(), String> {
    let Package { name, architecture, mode, versions } = package;
    let name = if architecture == native { name } else { format!("{name}:{architecture}") };
    let version = |version: Option<Version>| version.map(|it| it.version);
    let (old, new) = (version(versions.current), version(versions.install));
    match (mode.as_str(), old, new) {
        ("deinstall" | "purge", old, _) => {
            transaction.removes.push((name, old.unwrap_or_default()));
        }
        (_, Some(old), Some(new)) => transaction.upgrades.push((name, old, new)),
        (_, None, Some(new)) => transaction.installs.push((name, new)),
        (mode, _, None) => return Err(format!("{name} has no version to {mode}")),
    }
    Ok(())
}

/// The first held package that would change and that nobody asked to change.
fn held_by_others<'a>(wish: &Wish, printed: &'a str) -> Option<&'a str> {
    let lines = printed.lines().skip_while(|line| !line.contains("held packages will be changed"));
    let names = lines.skip(1).take_while(|line| line.starts_with(' '));
    let mut names = names.flat_map(str::split_whitespace);
    names.find(|name| !wish.release.iter().any(|released| released.as_str() == *name))
}

/// A name that nothing happens to: `foo-` where there is no such package, which apt takes for an order to remove `foo`.
fn misread(wish: &Wish, transaction: &Transaction) -> Option<Fault> {
    if wish.cut_short {
        return None;
    }
    let touches = |name: &str| {
        let installs = transaction.installs.iter().map(|(name, _)| name);
        let upgrades = transaction.upgrades.iter().map(|(name, _, _)| name);
        installs.chain(upgrades).any(|it| it == name)
    };
    let bare = |name: &'_ str| name.split(':').next().is_some_and(&touches);
    let mut names = wish.install.iter().map(|(name, _)| name.as_str());
    let name = names.find(|name| !touches(name) && !bare(name))?;
    let said = format!("apt sees nothing to install in `{name}`");
    Some(Fault::new(FaultKind::UnknownPackage, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(names: &[&str]) -> Wish {
        let install = names.iter().map(|name| (name.parse().unwrap(), None)).collect();
        Wish { install, ..Wish::default() }
    }

    /// Name, architecture, mode, old and new version.
    type Said<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, Option<&'a str>);

    /// What is printed about packages.
    fn printed(said: &str, packages: &[Said<'_>]) -> String {
        let version = |version| serde_json::json!({ "id": 1, "version": version, "pin": 500 });
        let packages: Vec<_> = packages
            .iter()
            .map(|(name, architecture, mode, current, install)| {
                let mut versions = serde_json::Map::new();
                for (which, it) in [("current", current), ("install", install)] {
                    versions.extend(it.map(|it| (which.to_owned(), version(it))));
                }
                serde_json::json!({
                    "id": 7, "name": name, "architecture": architecture, "mode": mode,
                    "automatic": false, "versions": versions,
                })
            })
            .collect();
        let message = serde_json::json!({ "jsonrpc": "2.0", "params": { "packages": packages } });
        // As apt writes it: what the protocol is comes first.
        let message = message.to_string();
        assert!(message.starts_with("{\"jsonrpc\""), "{message}");
        format!("native amd64\nReading package lists...\n{said}\n{message}\n")
    }

    fn read_ok(names: &[&str], printed: &str) -> Result<Transaction, Fault> {
        read(&wish(names), &Ran { printed, code: 0 })
    }

    fn installs(name: &str) -> String {
        printed("", &[(name, "amd64", "install", None, Some("1"))])
    }

    #[test]
    fn all_that_changes_is_told() {
        let printed = printed(
            "The following packages will be REMOVED:\n  h-three h-two",
            &[
                ("h-two", "amd64", "deinstall", Some("1.0"), None),
                ("h-three", "i386", "purge", Some("1:3-1"), None),
                ("h-foe", "amd64", "install", None, Some("1")),
                ("libc6", "amd64", "install", Some("2.36-9"), Some("2.36-10")),
            ],
        );
        let told = read_ok(&["h-foe"], &printed).unwrap();
        assert_eq!(told.installs, [("h-foe".to_owned(), "1".to_owned())]);
        let upgrade = ("libc6".to_owned(), "2.36-9".to_owned(), "2.36-10".to_owned());
        assert_eq!(told.upgrades, [upgrade]);
        let removes = [("h-two", "1.0"), ("h-three:i386", "1:3-1")];
        assert_eq!(told.removes, removes.map(|(name, version)| (name.into(), version.into())));
    }

    #[test]
    fn a_name_that_apt_takes_for_something_else_is_not_known() {
        let said = "Note, selecting 'exim4' instead of 'mail-transport-agent'";
        for printed in [
            printed(said, &[("exim4", "amd64", "install", None, Some("1"))]),
            installs("h-one"),
            printed("", &[("h.one", "amd64", "deinstall", Some("1"), None)]),
            printed("Package 'h.one' is not installed, so not removed", &[]),
        ] {
            let fault = read_ok(&["h.one"], &printed).unwrap_err();
            assert_eq!(fault.kind, FaultKind::UnknownPackage, "{printed}");
        }
        let fault = read_ok(&["h-one+"], &installs("h-one")).unwrap_err();
        assert_eq!(fault.kind, FaultKind::UnknownPackage);
        read_ok(&["g++"], &installs("g++")).unwrap();
        read_ok(&["libc6:amd64"], &installs("libc6")).unwrap();
    }

    #[test]
    fn what_others_hold_does_not_change() {
        let said = "The following held packages will be changed:\n  h-one\nThe following NEW…";
        let printed = printed(said, &[("h-one", "amd64", "install", Some("1.0"), Some("2.0"))]);
        assert_eq!(read_ok(&["h-one"], &printed).unwrap_err().kind, FaultKind::Held);
        let released = Wish { release: vec!["h-one".parse().unwrap()], ..wish(&["h-one"]) };
        read(&released, &Ran { printed: &printed, code: 0 }).unwrap();
    }

    #[test]
    fn an_apt_that_does_not_tell_is_not_taken_for_one_with_nothing_to_do() {
        for printed in ["Reading package lists...", "{\"jsonrpc\":\"2.0\"}"] {
            let fault = read_ok(&["h-one"], printed).unwrap_err();
            assert!(fault.to_string().contains("apt 1.6"), "{fault}");
        }
        let without = printed("", &[("h-one", "amd64", "install", None, None)]);
        assert_eq!(read_ok(&["h-one"], &without).unwrap_err().kind, FaultKind::Other);
    }
}
