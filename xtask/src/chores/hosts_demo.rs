//! `cargo xtask demo --hosts`: 25 Debian hosts over SSH, three of which become hosts for machines.

use anyhow::Result;

use crate::packages;
use crate::step::Step;
use crate::workspace::Workspace;

/// What is run beside the hosts, in this order.
const ACTS: &str = "\
set -e
show() { echo; echo \"\\$ $*\"; \"$@\"; }
fleet=$1/kvm-fleet
export HARMONY_INVENTORY=$2
show $fleet hosts
show $fleet apply --yes
show $fleet apply
show $fleet-promote apply --hosts role=kvm --emulate --yes
show $fleet-promote apply --hosts role=kvm --emulate
";

pub(crate) fn run() -> Result<()> {
    packages::ensure_installed(&packages::BUILD)?;
    packages::ensure_installed(&packages::MACHINES)?;
    let build = ["build", "--quiet", "--package=kvm-fleet", "--package=e2e", "--bins"];
    Step::cargo("the programs, and the test hosts", &build).run()?;
    let workspace = Workspace::load()?;
    let programs = workspace.target.join("debug").display().to_string();
    let inventory = workspace.join("examples/kvm-fleet/inventory").display().to_string();
    let acts = ["25", "sh", "-c", ACTS, "sh", &programs, &inventory];
    Step::new("a fleet of 25 hosts", &format!("{programs}/hosts"), &acts).run()
}
