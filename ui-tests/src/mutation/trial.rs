//! Tries one mutant: takes the gate out and asks the suite.

use std::{io, path::Path, process::Command};

use super::{Copy, Mutant};

/// What came of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The case failed, as it must.
    Caught,
    /// The case still holds: the suite would not notice that the gate is gone.
    Survived,
    /// It could not be tried.
    Broken(String),
}

/// Takes the gate of `mutant` out of `copy` and runs the case that must notice; builds in `target`.
///
/// # Errors
/// The copy cannot be written, or cargo cannot be started.
pub fn attempt(copy: &Copy, mutant: &Mutant, target: &Path) -> io::Result<Verdict> {
    copy.restore()?;
    if let Err(error) = copy.apply(mutant) {
        return Ok(Verdict::Broken(error.to_string()));
    }
    let (package, test, case) = match mutant.caught_by.split_once('/') {
        Some((package, test)) => (package, test, None),
        None => ("ui-tests", "cases", Some(&mutant.caught_by)),
    };
    let build = cargo(copy, target, package).args(["--test", test, "--no-run"]).output()?;
    if !build.status.success() {
        return Ok(Verdict::Broken(format!("it does not build: {}", first_error(&build.stderr))));
    }
    let mut run = cargo(copy, target, package);
    run.args(["--test", test]);
    if let Some(case) = case {
        run.args(["programs", "--"]).arg(format!("trybuild={case}.rs"));
    }
    let run = run.output()?;
    let said = String::from_utf8_lossy(&run.stdout);
    Ok(match (run.status.success(), said.contains("test result: FAILED")) {
        (true, _) => Verdict::Survived,
        (false, true) => Verdict::Caught,
        (false, false) => Verdict::Broken(first_error(&run.stderr)),
    })
}

fn cargo(copy: &Copy, target: &Path, package: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--quiet", "--package", package])
        .current_dir(copy.path())
        .env("CARGO_TARGET_DIR", target)
        .env_remove("TRYBUILD")
        .env_remove("INSTA_UPDATE");
    cargo
}

fn first_error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.lines().find(|line| line.starts_with("error"));
    error.unwrap_or("cargo said nothing").to_owned()
}
