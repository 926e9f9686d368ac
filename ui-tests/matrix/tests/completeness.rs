//! The tables are whole: every role, phase and transition that the source declares is in them.
//!
//! Read from the files, so that it holds where libvirt's headers are missing, too.

use std::{
    fs,
    path::{Path, PathBuf},
};

const ROLES: &str = "../../harmony-capabilities/src";

/// A phase module: where it is declared, and its tables.
struct Module {
    source: &'static str,
    table: &'static str,
    pairs: &'static str,
}

const MODULES: [Module; 2] = [
    Module {
        source: "../../harmony-providers/src/kvm_host",
        table: "kvm_host.txt",
        pairs: "kvm_host_pairs.txt",
    },
    Module {
        source: "../../harmony-providers/src/okd_site",
        table: "okd_site.txt",
        pairs: "okd_site_pairs.txt",
    },
];

#[test]
fn every_role_has_a_column() {
    let roles = declared(ROLES, |line| line.starts_with("#[capability"), "pub trait ");
    for module in &MODULES {
        for table in [module.table, module.pairs] {
            assert_eq!(absent(&columns(table, "capabilities"), &roles), NOTHING, "{table}");
        }
    }
}

#[test]
fn every_phase_has_a_row_and_a_column() {
    for module in &MODULES {
        let phases = phases(module);
        assert_eq!(rows(module.table), phases, "{}", module.table);
        for table in [module.table, module.pairs] {
            assert_eq!(columns(table, "reached"), phases, "{table}");
        }
        assert_eq!(rows(module.pairs).len(), phases.len().pow(2), "{}", module.pairs);
    }
}

#[test]
fn every_transition_has_a_column() {
    for module in &MODULES {
        let transitions = transitions(module.source);
        let found = columns(module.table, "transitions");
        assert_eq!(absent(&found, &transitions), NOTHING, "{}", module.table);
        let halves = ["Primary", "Replica"];
        let of_halves = transitions
            .iter()
            .flat_map(|transition| halves.map(|half| format!("{half}<{transition}>")));
        let of_a_pair: Vec<String> = transitions.iter().cloned().chain(of_halves).collect();
        let found = columns(module.pairs, "transitions");
        assert_eq!(absent(&found, &of_a_pair), NOTHING, "{}", module.pairs);
    }
}

const NOTHING: Vec<&str> = Vec::new();

/// Which of `wanted` are not among `found`.
fn absent<'a>(found: &[String], wanted: &'a [String]) -> Vec<&'a str> {
    wanted.iter().filter(|name| !found.contains(name)).map(String::as_str).collect()
}

fn phases(module: &Module) -> Vec<String> {
    let is_kind = |line: &str| ["#[start]", "#[resting]", "#[transient]"].contains(&line);
    declared(module.source, is_kind, "pub struct ")
}

/// The names of what `keyword` declares below a line that is a mark, in all files below `folder`.
fn declared(folder: &str, is_mark: impl Fn(&str) -> bool, keyword: &str) -> Vec<String> {
    let mut names = Vec::new();
    for text in sources(folder) {
        let mut lines = text.lines().map(str::trim);
        while lines.by_ref().any(&is_mark) {
            names.extend(lines.find_map(|line| line.strip_prefix(keyword)).map(name));
        }
    }
    assert!(!names.is_empty(), "nothing is declared in {folder}");
    names
}

/// What implements `Transition` in the files below `folder`.
fn transitions(folder: &str) -> Vec<String> {
    let sources = sources(folder);
    let lines = sources.iter().flat_map(|text| text.lines());
    let implementations = lines.filter_map(|line| line.strip_prefix("impl Transition<"));
    let names =
        implementations.filter_map(|rest| rest.split_once("> for ")).map(|(_, of)| name(of));
    let names: Vec<String> = names.collect();
    assert!(!names.is_empty(), "no transition in {folder}");
    names
}

/// The identifier that `text` begins with.
fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The columns of the groups of a table that are called `title`.
fn columns(table: &str, title: &str) -> Vec<String> {
    let groups = groups(table);
    let heads = groups.iter().filter_map(|group| group[0].strip_prefix(title));
    heads.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The names of the rows of a table, which two blanks end.
fn rows(table: &str) -> Vec<String> {
    let groups = groups(table);
    let names = groups[0][1..].iter().map(|row| row.split("  ").next().unwrap_or_default());
    names.map(str::to_owned).collect()
}

/// The groups of a table, as lines.
fn groups(table: &str) -> Vec<Vec<String>> {
    let path = here().join("tables").join(table);
    let text = fs::read_to_string(path).expect("the table is readable");
    text.split("\n\n").map(|group| group.lines().map(str::to_owned).collect()).collect()
}

/// The text of every Rust file below `folder`.
fn sources(folder: &str) -> Vec<String> {
    let (mut folders, mut texts) = (vec![here().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source is readable") {
            let path: PathBuf = entry.expect("the source is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                texts.push(fs::read_to_string(path).expect("the source is readable"));
            }
        }
    }
    texts
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
