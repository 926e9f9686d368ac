//! `cargo xtask bench`: the benchmarks, their table and their JSON.

use anyhow::Result;

use crate::packages;
use crate::step::Step;
use crate::workspace::Workspace;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let wanted = [&packages::BUILD[..], &packages::MACHINES].concat();
    packages::ensure_installed(&wanted)?;
    let json = Workspace::load()?.target.join("bench.json").display().to_string();
    let build = ["run", "--release", "--quiet", "--package=harmony-bench", "--features=libvirt"];
    let measure = ["--", "--json", &json].map(str::to_owned);
    Step::cargo("benchmarks", &build).with(measure).with(args.to_vec()).run()
}
