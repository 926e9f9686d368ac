//! Tries one mutant: takes the gate out and asks the suite.

use std::{io, path::Path, process::Command};

use super::{Copy, Mutant, Witnesses};

/// What came of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that must fail failed.
    Caught,
    /// These still hold: the suite would not notice that the gate is gone.
    Survived(String),
    /// It could not be tried.
    Broken(String),
}

/// Takes the gate of `mutant` out of `copy` and runs what must notice; builds in `target`.
///
/// # Errors
/// The copy cannot be written, or cargo cannot be started.
pub fn attempt(copy: &Copy, mutant: &Mutant, target: &Path) -> io::Result<Verdict> {
    copy.restore()?;
    if let Err(error) = copy.apply(mutant) {
        return Ok(Verdict::Broken(error.to_string()));
    }
    let cargo = || cargo(copy, target, mutant);
    let build = cargo().arg("--no-run").output()?;
    if !build.status.success() {
        return Ok(Verdict::Broken(format!("it does not build: {}", first_error(&build.stderr))));
    }
    let mut run = cargo();
    if let Witnesses::Cases(cases) = &mutant.caught_by {
        run.args(["programs", "--"]);
        run.args(cases.iter().map(|case| format!("trybuild={case}.rs")));
    }
    let run = run.output()?;
    let said = [&run.stdout[..], &run.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let holding = match &mutant.caught_by {
        _ if run.status.success() => mutant.caught_by.to_string(),
        Witnesses::Cases(cases) => holding(cases, &said).join(", "),
        Witnesses::Test { .. } => String::new(),
    };
    Ok(match (holding.is_empty(), said.contains("test result: FAILED")) {
        (false, _) => Verdict::Survived(holding),
        (true, true) => Verdict::Caught,
        (true, false) => Verdict::Broken(first_error(&run.stderr)),
    })
}

/// Which of `cases` trybuild `said` to be as they were.
fn holding<'a>(cases: &'a [String], said: &str) -> Vec<&'a str> {
    let holds = |case: &str| {
        let file = format!("/{case}.rs ");
        said.lines().any(|line| line.contains(&file) && line.ends_with("... ok"))
    };
    cases.iter().map(String::as_str).filter(|case| holds(case)).collect()
}

/// The command that tests what must notice `mutant`.
fn cargo(copy: &Copy, target: &Path, mutant: &Mutant) -> Command {
    let (package, test) = match &mutant.caught_by {
        Witnesses::Cases(_) => ("ui-tests", "cases"),
        Witnesses::Test { package, test } => (package.as_str(), test.as_str()),
    };
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--quiet", "--package", package, "--test", test])
        .args(mutant.needs_libvirt.then_some("--features=libvirt"))
        .current_dir(copy.path())
        .env("CARGO_TARGET_DIR", target)
        // What trybuild says is read, so it is said without colours.
        .env("NO_COLOR", "1")
        .env_remove("TRYBUILD")
        .env_remove("INSTA_UPDATE");
    cargo
}

fn first_error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.lines().find(|line| line.starts_with("error"));
    error.unwrap_or("cargo said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_still_holds_is_named() {
        let said = "test /ui/cases/one.rs ... error\ntest /ui/cases/two.rs ... ok\ntest /ui/cases/not_one.rs ... ok\n";
        assert_eq!(holding(&["one".to_owned(), "two".to_owned()], said), ["two"]);
    }
}
