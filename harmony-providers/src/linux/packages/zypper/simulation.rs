//! What `zypper --xmlout install --dry-run` says.

use harmony_capabilities::host::Transaction;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Zypper;
use crate::linux::packages::fault::{Fault, FaultKind};
use crate::linux::packages::tool::{Ran, Tool as _};
use crate::linux::packages::wish::Wish;

/// Reads the summary of a simulation.
pub(super) fn read(wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault> {
    let read = walk(ran.printed);
    let (transaction, complaints) = read.map_err(|error| {
        Fault::new(FaultKind::Other, format!("zypper's answer is not understood: {error}"))
    })?;
    if ran.code != 0 {
        return Err(Zypper.fault(&complaints));
    }
    let comes = transaction.installs.iter().map(|(name, _)| name);
    let moves = transaction.upgrades.iter().map(|(name, _, _)| name);
    let touched: Vec<&String> = comes.chain(moves).collect();
    let mut names = wish.install.iter().map(|(name, _)| name.as_str());
    match names.find(|name| !touched.iter().any(|it| it.as_str() == *name)) {
        Some(name) if !wish.cut_short => {
            let said = format!("zypper sees nothing to install in `{name}`");
            Err(Fault::new(FaultKind::UnknownPackage, said))
        }
        _ => Ok(transaction),
    }
}

/// The transaction, and what was complained about: messages of errors and descriptions of problems.
fn walk(xml: &str) -> Result<(Transaction, String), quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let mut transaction = Transaction::default();
    let mut complaints = String::new();
    let (mut group, mut telling) = (String::new(), false);
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok((transaction, complaints)),
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "solvable" => {
                put(&mut transaction, &group, &tag);
                telling = false;
            }
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_owned();
                telling = name == "description" || is_error(&name, &tag);
                if name.starts_with("to-") {
                    group = name;
                }
            }
            Event::Text(text) if telling => {
                complaints.push_str(&text);
                complaints.push('\n');
            }
            Event::End(tag) => {
                telling = false;
                if tag.name().as_ref() == group {
                    group.clear();
                }
            }
            _ => {}
        }
    }
}

fn is_error(name: &str, tag: &BytesStart<'_>) -> bool {
    name == "message" && attribute(tag, "type").is_some_and(|kind| kind == "error")
}

fn put(transaction: &mut Transaction, group: &str, tag: &BytesStart<'_>) {
    if attribute(tag, "type").is_none_or(|kind| kind != "package") {
        return;
    }
    let (Some(name), Some(version)) = (attribute(tag, "name"), attribute(tag, "edition")) else {
        return;
    };
    match group {
        "to-install" => transaction.installs.push((name, version)),
        "to-remove" => transaction.removes.push((name, version)),
        _ => {
            let old = attribute(tag, "edition-old").unwrap_or_default();
            transaction.upgrades.push((name, old, version));
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    Some(attribute.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(names: &[&str]) -> Wish {
        let install = names.iter().map(|name| (name.parse().unwrap(), None)).collect();
        Wish { install, ..Wish::default() }
    }

    #[test]
    fn all_that_changes_is_told() {
        let printed = r#"<?xml version='1.0'?>
<stream>
<message type="info">Resolving package dependencies...</message>
<install-summary download-size="6376" space-usage-diff="-8" packages-to-change="3">
<to-install>
<solvable type="package" name="h-foe" edition="1-1" arch="noarch" summary="test">
<description>a problem</description></solvable>
<solvable type="pattern" name="kvm" edition="1-1" arch="noarch"/>
</to-install>
<to-upgrade>
<solvable type="package" name="h-one" edition="2.0-1" arch="noarch" edition-old="1.0-1" arch-old="noarch"/>
</to-upgrade>
<to-remove>
<solvable type="package" name="h-two" edition="1.0-1" arch="noarch" summary="test"/>
</to-remove>
</install-summary>
</stream>"#;
        let told = read(&wish(&["h-foe"]), &Ran { printed, code: 0 }).unwrap();
        assert_eq!(told.installs, [("h-foe".to_owned(), "1-1".to_owned())]);
        assert_eq!(told.upgrades, [("h-one".into(), "1.0-1".into(), "2.0-1".into())]);
        assert_eq!(told.removes, [("h-two".to_owned(), "1.0-1".to_owned())]);
    }

    #[test]
    fn complaints_are_told_apart() {
        let fault = |text: &str, code| {
            let printed = format!("<?xml version='1.0'?><stream>{text}</stream>");
            read(&wish(&["x"]), &Ran { printed: &printed, code }).unwrap_err()
        };
        let unknown =
            fault("<message type=\"error\">Package &apos;x&apos; not found.</message>", 104);
        assert_eq!(unknown.kind, FaultKind::UnknownPackage);
        let problem =
            "<prompt id=\"1\"><description>Problem: x conflicts with y\n</description></prompt>";
        assert_eq!(fault(problem, 4).kind, FaultKind::Conflict);
        let locked = "<message type=\"error\">System management is locked by the application with pid 7</message>";
        assert_eq!(fault(locked, 7).kind, FaultKind::Busy);
        assert_eq!(fault("", 0).kind, FaultKind::UnknownPackage);
    }
}
