//! `cargo xtask demo --hosts`: 25 Debian hosts over SSH, three of which become hosts for machines.

use std::fs;

use anyhow::{Context as _, Result};

use crate::packages;
use crate::step::Step;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<()> {
    packages::ensure_installed(&packages::BUILD)?;
    packages::ensure_installed(&packages::MACHINES)?;
    let build = ["build", "--quiet", "--package=kvm-fleet", "--package=e2e", "--bins"];
    Step::cargo("the programs, and the test hosts", &build).run()?;
    let workspace = Workspace::load()?;
    let programs = workspace.target.join("debug").display().to_string();
    let acts = workspace.join("xtask/src/chores/hosts_demo.sh").display().to_string();
    let inventory = workspace.join("examples/kvm-fleet/inventory").display().to_string();
    let log = workspace.target.join("demo-hosts.log").display().to_string();
    fs::write(&log, "").with_context(|| format!("writing {log}"))?;
    let acts = ["25", "sh", &acts, &programs, &inventory, &log];
    Step::new("a fleet of 25 hosts", &format!("{programs}/hosts"), &acts).run()?;
    println!("\nThe hosts are gone, and with them all that was installed on them.");
    Ok(())
}
