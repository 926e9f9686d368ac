//! `cargo xtask fuzz`: every fuzzer of `fuzz/`, one after the other.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::step::Step;
use crate::summary;
use crate::workspace::Workspace;

/// How long each one runs unless the command line says otherwise.
pub(crate) const SECONDS: u32 = 60;

pub(crate) fn run(seconds: u32) -> Result<()> {
    if !is_installed() {
        bail!(
            "fuzzers need a nightly compiler, a C++ one, and cargo-fuzz:\n\
             rustup toolchain install nightly --profile minimal && cargo install cargo-fuzz --locked"
        );
    }
    let folder = Workspace::load()?.join("fuzz");
    let mut steps = Vec::new();
    for name in targets(&folder)? {
        fs::create_dir_all(folder.join("corpus").join(&name)).context("making the corpus")?;
        steps.push(step(&folder, &name, seconds));
    }
    let kept = "what made one fail is in fuzz/artifacts, and what led it further in fuzz/corpus";
    summary::run_all(&steps, &[kept.to_owned()]).map(drop)
}

fn is_installed() -> bool {
    Command::new("cargo")
        .args(["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The names of the fuzzers: those of their files.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join("fuzz_targets")).context("looking for fuzzers")? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Runs a fuzzer from what it found before, and from the examples that are kept.
fn step(folder: &Path, name: &str, seconds: u32) -> Step {
    let inside = |path: &str| folder.join(path).join(name).to_string_lossy().into_owned();
    // Code without `unsafe` needs no sanitizer, and is read many times faster without one.
    let args = ["+nightly", "fuzz", "run", "--sanitizer=none", "--fuzz-dir"];
    Step::cargo(&format!("fuzz {name}"), &args).with([
        folder.to_string_lossy().into_owned(),
        name.to_owned(),
        inside("corpus"),
        inside("seeds"),
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fuzzer_has_examples_to_begin_with() {
        let folder = Workspace::load().unwrap().join("fuzz");
        let targets = targets(&folder).unwrap();
        assert!(targets.contains(&"known_hosts".to_owned()), "{targets:?}");
        for name in targets {
            let examples = fs::read_dir(folder.join("seeds").join(&name));
            assert!(examples.is_ok_and(|mut some| some.next().is_some()), "{name}");
        }
    }

    #[test]
    fn a_fuzzer_ends_after_its_time() {
        let line = step(Path::new("/r/fuzz"), "facts", 5).command_line();
        assert!(line.contains("--fuzz-dir /r/fuzz facts /r/fuzz/corpus/facts "), "{line}");
        assert!(line.ends_with("/r/fuzz/seeds/facts -- -max_total_time=5"), "{line}");
    }
}
