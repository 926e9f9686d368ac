//! Every kind of mistake: one program that must not compile, and its twin that must.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
};

use ui_tests::suite::{Case, cases, folder};

/// The programs fail as they are known to, and their twins, all in one program, compile and run.
///
/// Then the words are judged, also of what was accepted just now: the first error is the one we mean, in
/// our words where the words are ours, and short where it is common.
#[test]
fn programs() {
    let (cases, left_out): (Vec<_>, Vec<_>) =
        cases().expect("the cases are readable").into_iter().partition(Case::is_buildable);
    run(&cases);
    tell(&left_out);
    let mut faults = String::new();
    for case in &cases {
        // Without a snapshot `run` has failed.
        let said = case.said().expect("the snapshot is readable").unwrap_or_default();
        for fault in case.judge(&said) {
            let _ = writeln!(faults, "{}: {fault}", case.name);
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// Says what this build cannot look at, past the capture of a passing test's output.
fn tell(left_out: &[Case]) {
    let names: Vec<&str> = left_out.iter().map(|case| case.name.as_str()).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        let said = writeln!(io::stderr(), "left out without the feature `libvirt`: {names}");
        said.expect("the error output is writable");
    }
}

/// Hands the programs to trybuild, which runs them when it is dropped.
fn run(cases: &[Case]) {
    let programs = trybuild::TestCases::new();
    for case in cases {
        programs.compile_fail(&case.path);
    }
    programs.pass(write_twins(cases));
}

/// No snapshot outlives its case.
#[test]
fn snapshots_belong_to_cases() {
    for entry in fs::read_dir(folder("cases")).expect("the cases are readable") {
        let path = entry.expect("the cases are readable").path();
        assert!(path.with_extension("rs").exists(), "{} has no case", path.display());
    }
}

/// Writes every twin as a module of one program, which takes one compilation and one link.
fn write_twins(cases: &[Case]) -> std::path::PathBuf {
    let twins = Path::new(env!("CARGO_TARGET_TMPDIR")).join("twins");
    fs::create_dir_all(&twins).expect("the target folder is writable");
    let mut program = String::from("#![allow(dead_code, unused)]\n");
    for case in cases {
        let path = twins.join(format!("{}.rs", case.name));
        fs::write(&path, case.twin()).expect("the target folder is writable");
        let _ = writeln!(program, "#[path = \"{}\"]\nmod {};", path.display(), case.name);
    }
    program.push_str("fn main() {}\n");
    let path = twins.join("all.rs");
    fs::write(&path, program).expect("the target folder is writable");
    path
}
