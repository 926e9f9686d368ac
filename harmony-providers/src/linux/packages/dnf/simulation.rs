//! What `dnf --assumeno` says.

use std::collections::HashMap;

use harmony_capabilities::host::Transaction;

use super::Dnf;
use crate::linux::packages::fault::{Fault, FaultKind};
use crate::linux::packages::tool::{Ran, Tool as _};
use crate::linux::packages::wish::Wish;

/// What a section of the table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Comes,
    Goes,
    Moves,
    Stays,
}

/// Reads the tables of a simulation, and after them what is installed.
pub(super) fn read(wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
    let failed = |line: &str| line.starts_with("Error:") || line.starts_with("error:");
    if ran.printed.lines().any(failed) {
        return Err(Dnf.fault(&said(ran.printed)));
    }
    let installed: HashMap<&str, &str> = ran
        .printed
        .lines()
        .filter_map(|line| line.strip_prefix("installed\t")?.split_once('\t'))
        .collect();
    let mut transaction = Transaction::default();
    let mut section = Section::Stays;
    let mut row = Vec::new();
    for line in ran.printed.lines() {
        // A name too long for its column has a line to itself; the rest of the row is indented.
        if !line.starts_with("  ") {
            put(&mut transaction, section, &std::mem::take(&mut row), &installed);
        }
        match line.strip_suffix(':') {
            Some(title) if !line.starts_with(' ') => section = Section::of(title),
            _ if line.is_empty() => section = Section::Stays,
            _ if line.starts_with("     replacing ") => replaced(&mut transaction, line),
            _ => row.extend(line.split_whitespace()),
        }
    }
    put(&mut transaction, section, &row, &installed);
    complete(wish, ran, &transaction).map_or(Ok(transaction), Err)
}

impl Section {
    /// `Installing dependencies`, `Removing dependent packages`, `Upgrading`, …
    fn of(title: &str) -> Self {
        match title.split(' ').next().unwrap_or_default() {
            "Installing" => Self::Comes,
            "Removing" => Self::Goes,
            "Downgrading" | "Upgrading" => Self::Moves,
            _ => Self::Stays,
        }
    }
}

/// Puts a row, `NAME ARCHITECTURE VERSION REPOSITORY SIZE`, where it belongs.
fn put(
    transaction: &mut Transaction,
    section: Section,
    row: &[&str],
    installed: &HashMap<&str, &str>,
) {
    let [name, _, version, _, ..] = *row else { return };
    let (name, version) = (name.to_owned(), version.to_owned());
    match section {
        Section::Comes => transaction.installs.push((name, version)),
        // What goes because of what comes is told again when it was to go anyway.
        Section::Goes if transaction.removes.iter().any(|(it, _)| *it == name) => {}
        Section::Goes => transaction.removes.push((name, version)),
        Section::Moves => {
            let old = installed.get(name.as_str()).copied().unwrap_or_default().to_owned();
            transaction.upgrades.push((name, old, version));
        }
        Section::Stays => {}
    }
}

/// `     replacing  NAME.ARCHITECTURE VERSION`: what is made obsolete goes, too.
fn replaced(transaction: &mut Transaction, line: &str) {
    let mut words = line.split_whitespace().skip(1);
    if let (Some(name), Some(version)) = (words.next(), words.next()) {
        let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
        transaction.removes.push((name.to_owned(), version.to_owned()));
    }
}

/// dnf installs what provides a name that is no package's; that is not what was asked for.
fn complete(wish: &Wish, ran: &Ran<'_>, transaction: &Transaction) -> Option<Fault> {
    let comes = transaction.installs.iter().map(|(name, _)| name);
    let moves = transaction.upgrades.iter().map(|(name, _, _)| name);
    let touched: Vec<&String> = comes.chain(moves).collect();
    let bare = |name: &'_ str| name.rsplit_once('.').map_or_else(String::new, |it| it.0.to_owned());
    let mut names = wish.install.iter().map(|(name, _)| name.as_str());
    let name =
        names.find(|name| !touched.iter().any(|it| it.as_str() == *name || **it == bare(name)))?;
    if wish.cut_short {
        return None;
    }
    let nothing = ran.printed.contains("Nothing to do");
    let why = if nothing { "sees nothing to install in" } else { "takes something else for" };
    Some(Fault::new(FaultKind::UnknownPackage, format!("dnf {why} `{name}`")))
}

/// What dnf printed, without the list of what is installed.
fn said(printed: &str) -> String {
    let lines = printed.lines().filter(|line| !line.starts_with("installed\t"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(names: &[&str]) -> Wish {
        let install = names.iter().map(|name| (name.parse().unwrap(), None)).collect();
        Wish { install, ..Wish::default() }
    }

    const TABLE: &str = "\
Last metadata expiration check: 0:00:20 ago on Sat Nov 21 16:04:03 2026.
Dependencies resolved.
================================================================================
 Package            Architecture      Version           Repository         Size
================================================================================
Installing:
 h-foe              noarch            1-1               local             6.2 k
     replacing  h-old.noarch 0.9-1
 a-very-long-name-of-a-package-that-has-a-line-to-itself
                    noarch            3-1               local             6.2 k
Installing dependencies:
 h-dep              noarch            1:3-1             local             6.2 k
Upgrading:
 h-one              noarch            2.0-1             local             6.2 k
Removing dependent packages:
 h-two              noarch            1.0-1             @local              8  

Transaction Summary
================================================================================
Install  2 Packages
Remove   2 Packages

Total size: 6.2 k
Operation aborted.
installed\th-one\t1.0-1
";

    #[test]
    fn all_that_changes_is_told() {
        let told = read(&wish(&["h-foe"]), &Ran { printed: TABLE, code: 1 }).unwrap();
        let pair = |(name, version): (&str, &str)| (name.to_owned(), version.to_owned());
        let long = "a-very-long-name-of-a-package-that-has-a-line-to-itself";
        assert_eq!(told.installs, [("h-foe", "1-1"), (long, "3-1"), ("h-dep", "1:3-1")].map(pair));
        assert_eq!(told.upgrades, [("h-one".into(), "1.0-1".into(), "2.0-1".into())]);
        assert_eq!(told.removes, [("h-old", "0.9-1"), ("h-two", "1.0-1")].map(pair));
    }

    #[test]
    fn an_error_is_none_of_it_and_another_name_is_not_what_was_asked_for() {
        let printed = "No match for argument: nope\nError: Unable to find a match: nope\n";
        let fault = read(&wish(&["nope"]), &Ran { printed, code: 1 }).unwrap_err();
        assert_eq!(fault.kind, FaultKind::UnknownPackage);
        let fault = read(&wish(&["webserver"]), &Ran { printed: TABLE, code: 1 }).unwrap_err();
        assert_eq!(fault.said, "dnf takes something else for `webserver`");
    }
}
