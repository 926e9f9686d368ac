//! `cargo xtask test`: every test, with its set-up.

use anyhow::{Result, bail};

use crate::args::TestOptions;
use crate::packages::{self, Root};
use crate::step::Step;
use crate::workspace::Workspace;
use crate::{headers, plan, summary};

pub(crate) fn run(options: &TestOptions) -> Result<()> {
    if options.mutants {
        return mutants(options, headers::found()).run();
    }
    let root = prepare(options.no_e2e)?;
    let plan = plan::test(&Workspace::load()?, options, headers::found(), root);
    summary::run_all(&plan.steps, &plan.notes).map(drop)
}

/// Removes the gates whose names the filter matches, or all, one at a time.
fn mutants(options: &TestOptions, libvirt: bool) -> Step {
    let args = ["run", "--quiet", "--package=ui-tests", "--bin=mutants", "--"];
    let left_out = (!libvirt).then(|| "--without-libvirt".to_owned());
    Step::cargo("each gate removed makes a case fail", &args)
        .with(left_out)
        .with(options.filter.clone())
}

/// Installs what the tests need, and says how they become root.
pub(crate) fn prepare(no_e2e: bool) -> Result<Root> {
    let root = Root::of_this_user();
    if no_e2e {
        return Ok(root);
    }
    let wanted = [&packages::BUILD[..], &packages::MACHINES].concat();
    let without = "or leave them out: cargo xtask test --no-e2e";
    if let Err(error) = packages::ensure_installed(&wanted) {
        bail!("{error:#}\n{without}");
    }
    if root == Root::Never {
        bail!("the e2e tests start virtual machines and need root or sudo; {without}");
    }
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_gate_can_be_removed_by_its_name() {
        let options = TestOptions { filter: Some("secret".to_owned()), ..TestOptions::default() };
        assert!(mutants(&options, true).command_line().ends_with("--bin=mutants -- secret"));
        let line = mutants(&TestOptions::default(), false).command_line();
        assert!(line.ends_with(" -- --without-libvirt"), "{line}");
    }
}
