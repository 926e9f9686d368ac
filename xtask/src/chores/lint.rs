//! `cargo xtask lint`: formatting, clippy, rustdoc, dependencies.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::step::Step;
use crate::workspace::Workspace;
use crate::{headers, summary};

pub(crate) fn run(install_deny: bool) -> Result<()> {
    let workspace = Workspace::load()?;
    let mut notes = Vec::new();
    let mut steps = vec![Step::cargo("formatting", &["fmt", "--all", "--check"])];
    let found = headers::found();
    let mut all = without_libvirt(&workspace);
    steps.push(clippy("clippy without features", &all));
    if found {
        all.truncate(1);
    } else {
        notes.push("libvirt's headers are not installed: its feature was not linted".to_owned());
    }
    all.push(format!("--features={}", headers::features(found).join(",")));
    steps.push(clippy("clippy with features", &all));
    steps.push(documentation(&all));
    if install_deny && !deny_is_installed() {
        Step::cargo("installing cargo-deny", &["install", "--locked", "cargo-deny"]).run()?;
    }
    if deny_is_installed() {
        let checks = ["deny", "check", "bans", "licenses", "sources"];
        steps.push(Step::cargo("dependencies and licences", &checks));
    } else {
        notes.push("cargo-deny is not installed: `cargo xtask lint --deny` installs it".to_owned());
    }
    summary::run_all(&steps, &notes).map(drop)
}

/// The whole workspace but for what needs libvirt's headers.
fn without_libvirt(workspace: &Workspace) -> Vec<String> {
    let needing = workspace.packages.iter().filter(|package| package.needs_libvirt);
    let excluded = needing.map(|package| format!("--exclude={}", package.name));
    std::iter::once("--workspace".to_owned()).chain(excluded).collect()
}

fn clippy(title: &str, selection: &[String]) -> Step {
    let lints = ["--all-targets", "--", "--deny=warnings"].map(str::to_owned);
    Step::cargo(title, &["clippy", "--quiet"]).with(selection.to_vec()).with(lints)
}

fn documentation(selection: &[String]) -> Step {
    Step::cargo("rustdoc", &["doc", "--quiet", "--no-deps"])
        .with(selection.to_vec())
        .env("RUSTDOCFLAGS", "--deny=warnings")
}

fn deny_is_installed() -> bool {
    Command::new("cargo")
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
