//! The reader never panics, and agrees with `ssh-keygen -F` about which lines are about a host.

use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::ssh::trust::{files::Known, line};

/// Names, patterns and ports that meet each other often.
fn host() -> impl Strategy<Value = String> {
    let name =
        prop::sample::select(vec!["a", "b", "ab", "a.ex", "B.ex", "192.0.2.1", "2001:db8::1"]);
    (name, prop::option::weighted(0.3, Just(2222))).prop_map(|(name, port)| match port {
        None => name.to_owned(),
        Some(port) => format!("[{name}]:{port}"),
    })
}

fn pattern() -> impl Strategy<Value = String> {
    let wild =
        prop::sample::select(vec!["*", "?", "a*", "*.ex", "?.e*", "[*]:2222", "[a?]:*", "*b*"]);
    let either = prop_oneof![host(), wild.prop_map(str::to_owned)];
    (prop::bool::weighted(0.25), either)
        .prop_map(|(not, text)| if not { format!("!{text}") } else { text })
}

fn entry() -> impl Strategy<Value = String> {
    let hosts = prop::collection::vec(pattern(), 1..4).prop_map(|list| list.join(","));
    let marker = prop::sample::select(vec!["", "", "", "@revoked ", "@cert-authority ", "  ", "#"]);
    let gap = prop::sample::select(vec![" ", "\t", "  "]);
    (marker, hosts, gap, 1..5u8).prop_map(|(marker, hosts, gap, number)| {
        let key = key(number).to_openssh().unwrap().trim_end().replace(' ', gap);
        format!("{marker}{hosts}{gap}{key}\n")
    })
}

/// The lines that `ssh-keygen` finds.
fn found_by_ssh_keygen(lab: &Lab, name: &str) -> Vec<usize> {
    let asked = Command::new("ssh-keygen").args(["-F", name, "-f"]).arg(lab.file()).output();
    let output = String::from_utf8(asked.unwrap().stdout).unwrap();
    let mut lines: Vec<usize> = output
        .lines()
        .filter(|text| text.starts_with("# Host "))
        .map(|text| {
            let number = text.split("line ").nth(1).unwrap().split_whitespace().next().unwrap();
            number.parse().unwrap()
        })
        .collect();
    lines.sort_unstable();
    lines
}

fn found(lab: &Lab, name: &str) -> Vec<usize> {
    let name = match name.strip_prefix('[').and_then(|rest| rest.rsplit_once("]:")) {
        Some((host, port)) => KnownName::of(host, port.parse().unwrap()),
        None => KnownName::of(name, harmony_types::Port::SSH),
    };
    let lines = lab.text();
    let about = lines
        .lines()
        .enumerate()
        .filter(|(_, text)| matches!(line::read(text), Some(Ok(line)) if line.is_about(&name)));
    about.map(|(number, _)| number + 1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn ssh_keygen_finds_the_same_lines(
        entries in prop::collection::vec(entry(), 1..8),
        asked in host(),
        hashed in any::<bool>(),
    ) {
        let lab = Lab::with(&entries.concat());
        if hashed {
            // Hashes the lines that name hosts, and leaves those with patterns.
            let hashed = Command::new("ssh-keygen").arg("-H").arg("-f").arg(lab.file()).output();
            prop_assert!(hashed.is_ok());
        }
        let asked = asked.to_ascii_lowercase();
        prop_assert_eq!(found(&lab, &asked), found_by_ssh_keygen(&lab, &asked), "{}", lab.text());
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(text in "\\PC{0,80}|[@|1#*!,\\[\\]: \t\r\na-z=]{0,120}") {
        let name = KnownName::of("h1", harmony_types::Port::SSH);
        Known::default().add(&name, "/known_hosts".as_ref(), &text);
    }

    #[test]
    fn a_damaged_line_does_not_either(
        at in 0..90usize,
        byte in prop::sample::select(vec![b' ', b'A', b'/', b'=', b'#', b'|', b'@', 0xff]),
    ) {
        let mut bytes = line("h1", 1).into_bytes();
        let at = at.min(bytes.len() - 1);
        bytes[at] = byte;
        let name = KnownName::of("h1", harmony_types::Port::SSH);
        Known::default().add(&name, "/known_hosts".as_ref(), &String::from_utf8_lossy(&bytes));
    }
}
