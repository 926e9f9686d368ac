//! `cargo xtask demo`: a pipeline on libvirt, and a wrong order that does not compile.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::packages;
use crate::step::Step;
use crate::workspace::Workspace;

/// The demo itself.
const DEMO: [&str; 2] = ["--package=linux-vm", "--bin=linux-vm-demo"];

/// A program that asks for a network before there is a hypervisor.
const WRONG_ORDER: &str = "examples/linux-vm/wrong/score_before_its_phase.rs";

pub(crate) fn run(real: bool) -> Result<()> {
    packages::ensure_installed(&packages::BUILD)?;
    if real {
        packages::ensure_installed(&packages::MACHINES)?;
        let args = ["run", "--quiet", "--package=linux-vm", "--bin=linux-vm-real"];
        return Step::cargo("a virtual machine on qemu:///system", &args).run();
    }
    let args = [&["run", "--quiet"], &DEMO[..]].concat();
    Step::cargo("a pipeline on test:///default", &args).run()?;
    wrong_order(&Workspace::load()?)
}

/// Compiles the wrong order and shows what the compiler says.
fn wrong_order(workspace: &Workspace) -> Result<()> {
    let path = workspace.join(WRONG_ORDER);
    let source = fs::read_to_string(&path).with_context(|| format!("reading {WRONG_ORDER}"))?;
    println!("\n== a wrong order ==\n   {WRONG_ORDER}\n\n{}\n", code(&source));
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--emit=metadata", "--color=auto", "-o", "/dev/null"]);
    for library in built_libraries()? {
        let folder = library.path.parent().context("a library without a folder")?;
        rustc.arg("-L").arg(format!("dependency={}", folder.display()));
        rustc.arg("--extern").arg(format!("{}={}", library.name, library.path.display()));
    }
    // A relative path, so that the message names the file as the repository does.
    let status = rustc.current_dir(&workspace.root).arg(WRONG_ORDER).status()?;
    ensure!(!status.success(), "{WRONG_ORDER} compiles, and it must not");
    println!("\nThat is the compiler's own message: nothing was built, so nothing can run.");
    Ok(())
}

/// A library of ours, as cargo built it for the demo.
#[derive(Debug, PartialEq, Eq)]
struct Library {
    name: String,
    path: PathBuf,
}

/// What the demo was built from: compiling against it takes a second, and builds nothing again.
fn built_libraries() -> Result<Vec<Library>> {
    let output = Command::new("cargo")
        .args(["build", "--quiet", "--message-format=json"])
        .args(DEMO)
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo")?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(library).collect())
}

/// The library of ours that a line of cargo's messages is about.
fn library(message: &str) -> Option<Library> {
    let message: Value = serde_json::from_str(message).ok()?;
    let name = message["target"]["name"].as_str()?;
    let files = message["filenames"].as_array()?;
    let mut paths = files.iter().filter_map(Value::as_str).map(PathBuf::from);
    let path = paths.find(|path| path.extension().is_some_and(|kind| kind == "rlib"))?;
    name.starts_with("harmony_").then(|| Library { name: name.to_owned(), path })
}

/// A source without its module documentation.
fn code(source: &str) -> String {
    let lines = source.lines().skip_while(|line| line.starts_with("//!") || line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn libraries_of_ours_are_found_in_cargos_messages() {
        let message = json!({
            "reason": "compiler-artifact",
            "target": { "name": "harmony_phases" },
            "filenames": ["/target/libharmony_phases.rmeta", "/target/libharmony_phases.rlib"],
        });
        let path = PathBuf::from("/target/libharmony_phases.rlib");
        let found = Library { name: "harmony_phases".to_owned(), path };
        assert_eq!(library(&message.to_string()), Some(found));
        assert_eq!(library(r#"{"reason":"build-finished","success":true}"#), None);
    }

    #[test]
    fn the_code_is_shown_without_its_documentation() {
        assert_eq!(code("//! Wrong.\n\nfn main() {}\n"), "fn main() {}");
    }
}
