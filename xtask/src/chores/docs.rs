//! `cargo xtask docs`: the book and the API documentation.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::step::Step;
use crate::workspace::Workspace;
use crate::{book, headers, summary};

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    book::refresh(&workspace.join("docs/src"))?;
    let mut notes = Vec::new();
    let mut api = Step::cargo("API documentation", &["doc", "--no-deps", "--workspace"]);
    let found = headers::found();
    api.args.push(format!("--features={}", headers::features(found).join(",")));
    if !found {
        let needing = workspace.packages.iter().filter(|package| package.needs_libvirt);
        api.args.extend(needing.map(|package| format!("--exclude={}", package.name)));
        notes.push("libvirt's headers are not installed: its provider is left out".to_owned());
    }
    let mut steps = vec![api];
    notes
        .push(format!("read {}", workspace.target.join("doc/harmony_phases/index.html").display()));
    if mdbook_is_installed() {
        let folder = workspace.join("docs").display().to_string();
        steps.push(Step::new("the book", "mdbook", &["build", &folder]));
        notes.push(format!("read {}", workspace.join("docs/book/index.html").display()));
    } else {
        notes.push("the book needs mdbook: `cargo install --locked mdbook`".to_owned());
    }
    summary::run_all(&steps, &notes).map(drop)
}

fn mdbook_is_installed() -> bool {
    let found = Command::new("mdbook").arg("--version").stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}
