//! `cargo xtask demo`: a pipeline on libvirt, and a wrong order that does not compile.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::packages;
use crate::step::Step;
use crate::workspace::Workspace;

/// A program that asks for a virtual machine before there is a hypervisor.
const WRONG_ORDER: &str = "examples/linux-vm/wrong/score_before_its_phase.rs";

pub(crate) fn run(real: bool) -> Result<()> {
    packages::ensure_installed(&packages::BUILD)?;
    if real {
        packages::ensure_installed(&packages::MACHINES)?;
        let args = ["run", "--quiet", "--package=linux-vm", "--bin=linux-vm-real"];
        return Step::cargo("a virtual machine on qemu:///system", &args).run();
    }
    let args = ["run", "--quiet", "--package=linux-vm", "--bin=linux-vm-demo"];
    Step::cargo("a pipeline on test:///default", &args).run()?;
    wrong_order(&Workspace::load()?)
}

/// Compiles the wrong order and shows what the compiler says.
fn wrong_order(workspace: &Workspace) -> Result<()> {
    let source = fs::read_to_string(workspace.join(WRONG_ORDER))
        .with_context(|| format!("reading {WRONG_ORDER}"))?;
    println!("\n== a wrong order ==\n   {WRONG_ORDER}\n\n{}", code(&source));
    let project = workspace.target.join("xtask/wrong-order");
    write_project(workspace, &project, &source)?;
    let output = Command::new("cargo")
        .args(["check", "--quiet", "--manifest-path"])
        .arg(project.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&workspace.target)
        .output()
        .context("starting cargo")?;
    ensure!(!output.status.success(), "{WRONG_ORDER} compiles, and it must not");
    println!("{}", String::from_utf8_lossy(&output.stderr).trim_end());
    println!("\nThat is the compiler's own message: nothing ran, and nothing was built.");
    Ok(())
}

/// A package outside the workspace, as a user's would be, with the workspace's own versions.
fn write_project(workspace: &Workspace, project: &Path, source: &str) -> Result<()> {
    fs::create_dir_all(project.join("src"))?;
    fs::copy(workspace.join("Cargo.lock"), project.join("Cargo.lock"))?;
    fs::write(project.join("Cargo.toml"), manifest(&workspace.root))?;
    Ok(fs::write(project.join("src/main.rs"), source)?)
}

fn manifest(root: &Path) -> String {
    let of_ours = |name: &str, features: &str| {
        let path = root.join(name);
        format!("{name} = {{ path = '{}', features = [{features}] }}\n", path.display())
    };
    [
        "[package]\nname = \"wrong-order\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n",
        &of_ours("harmony-capabilities", ""),
        &of_ours("harmony-phases", ""),
        &of_ours("harmony-providers", "\"libvirt\""),
    ]
    .concat()
}

/// A source without its module documentation.
fn code(source: &str) -> String {
    let lines = source.lines().skip_while(|line| line.starts_with("//!") || line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_stands_outside_the_workspace() {
        let manifest = manifest(Path::new("/repository"));
        assert!(manifest.contains("\n[workspace]\n"));
        assert!(manifest.contains(
            "harmony-providers = { path = '/repository/harmony-providers', \
             features = [\"libvirt\"] }"
        ));
    }

    #[test]
    fn the_code_is_shown_without_its_documentation() {
        assert_eq!(code("//! Wrong.\n\nfn main() {}\n"), "fn main() {}");
    }
}
