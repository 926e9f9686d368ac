//! What `apt-get --simulate` says.

use harmony_capabilities::host::Transaction;

use crate::linux::packages::fault::{Fault, FaultKind};
use crate::linux::packages::tool::{Ran, Tool as _};
use crate::linux::packages::wish::Wish;

use super::Apt;

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
    let mut transaction = Transaction::default();
    for line in ran.printed.lines() {
        if let Some(line) = line.strip_prefix("Inst ") {
            put(&mut transaction, line).ok_or_else(|| {
                Fault::new(FaultKind::Other, format!("apt says {line:?}, which is not understood"))
            })?;
        } else if let Some(line) = removed(line) {
            let (name, version) = line.split_once(" [").unwrap_or((line, ""));
            let version = version.split(']').next().unwrap_or_default();
            transaction.removes.push((name.to_owned(), version.to_owned()));
        }
    }
    misread(wish, &transaction).map_or(Ok(transaction), Err)
}

/// The rest of a line about what goes, with or without its configuration.
fn removed(line: &str) -> Option<&str> {
    line.strip_prefix("Remv ").or_else(|| line.strip_prefix("Purg "))
}

/// Reads `NAME [OLD] (NEW SOURCE [ARCHITECTURE]) …`, where the old version may be missing.
fn put(transaction: &mut Transaction, line: &str) -> Option<()> {
    let (name, rest) = line.split_once(' ')?;
    let (old, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once("] ").map(|(old, rest)| (Some(old), rest))?,
        None => (None, rest),
    };
    let new = rest.strip_prefix('(')?.split([' ', ')']).next()?.to_owned();
    match old {
        Some(old) => transaction.upgrades.push((name.to_owned(), old.to_owned(), new)),
        None => transaction.installs.push((name.to_owned(), new)),
    }
    Some(())
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

    fn read_ok(names: &[&str], printed: &str) -> Result<Transaction, Fault> {
        read(&wish(names), &Ran { printed, code: 0 })
    }

    #[test]
    fn all_that_changes_is_told() {
        let printed = "Reading package lists...\n\
            The following packages will be REMOVED:\n  h-three h-two\n\
            Remv h-two [1.0]\nPurg h-three [1:3-1] [h-x:amd64 ]\n\
            Inst h-foe (1 Debian:12.1/stable [all])\n\
            Inst libc6 [2.36-9] (2.36-10 Debian:12.1/stable [amd64]) []\n\
            Conf h-foe (1 Debian:12.1/stable [all])\n";
        let told = read_ok(&["h-foe"], printed).unwrap();
        assert_eq!(told.installs, [("h-foe".to_owned(), "1".to_owned())]);
        let upgrade = ("libc6".to_owned(), "2.36-9".to_owned(), "2.36-10".to_owned());
        assert_eq!(told.upgrades, [upgrade]);
        let removes = [("h-two", "1.0"), ("h-three", "1:3-1")];
        assert_eq!(told.removes, removes.map(|(name, version)| (name.into(), version.into())));
    }

    #[test]
    fn a_name_that_apt_takes_for_something_else_is_not_known() {
        for printed in [
            "Note, selecting 'exim4' instead of 'mail-transport-agent'\nInst exim4 (1 x [all])",
            "Note, selecting 'h-one' for regex 'h.one'\nInst h-one (1 x [all])",
        ] {
            let fault = read_ok(&["h.one"], printed).unwrap_err();
            assert_eq!(fault.kind, FaultKind::UnknownPackage, "{printed}");
        }
        for printed in ["Remv h-one [1]", "Package 'h-one' is not installed, so not removed\n"] {
            let fault = read_ok(&["h-one-"], printed).unwrap_err();
            assert_eq!(fault.kind, FaultKind::UnknownPackage);
        }
        let fault = read_ok(&["h-one+"], "Inst h-one (1 x [all])").unwrap_err();
        assert_eq!(fault.kind, FaultKind::UnknownPackage);
        read_ok(&["g++"], "Inst g++ (12 x [amd64])\nInst g (1 x [all])").unwrap();
        read_ok(&["libc6:amd64"], "Inst libc6 (2 x [amd64])").unwrap();
    }

    #[test]
    fn what_others_hold_does_not_change() {
        let printed = "The following held packages will be changed:\n  h-one\nThe following NEW…\n\
            Inst h-one [1.0] (2.0 localhost [all])";
        assert_eq!(read_ok(&["h-one"], printed).unwrap_err().kind, FaultKind::Held);
        let released = Wish { release: vec!["h-one".parse().unwrap()], ..wish(&["h-one"]) };
        read(&released, &Ran { printed, code: 0 }).unwrap();
    }
}
