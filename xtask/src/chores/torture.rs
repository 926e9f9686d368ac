//! `cargo xtask torture`: every cut point of the fault tests, and many more random cases.

use anyhow::Result;

use super::test::prepare;
use crate::args::TestOptions;
use crate::step::{Ended, Step};
use crate::workspace::Workspace;
use crate::{headers, plan, summary};

/// Random cases for each property, where the tests themselves are content with fewer.
const CASES: &str = "2048";

/// Groups of e2e tests that can be asked for by name, and the binaries they are in.
const GROUPS: [(&str, &[&str]); 2] = [("hosts", &["host", "ssh"]), ("libvirt", &["libvirt"])];

pub(crate) fn run(options: &TestOptions) -> Result<()> {
    let root = prepare(options.no_e2e)?;
    let mut options = options.clone();
    options.binary_args.push("--nocapture".to_owned());
    let group = GROUPS.iter().find(|(name, _)| options.filter.as_deref() == Some(*name));
    if group.is_some() {
        options.filter = None;
    }
    let mut plan = plan::test(&Workspace::load()?, &options, headers::found(), root);
    plan.steps = plan.steps.into_iter().filter(is_torture).map(tortured).collect();
    if let Some((_, binaries)) = group {
        plan.steps = plan.steps.into_iter().filter_map(|step| only(step, binaries)).collect();
    }
    let ended = summary::run_all(&plan.steps, &plan.notes)?;
    println!("\n{}", table(&ended));
    Ok(())
}

/// Documentation and compile-fail tests meet no faults.
fn is_torture(step: &Step) -> bool {
    !step.title.contains("documentation") && !step.title.contains("compile-fail")
}

fn tortured(step: Step) -> Step {
    step.env("HARMONY_TORTURE", "1").env("PROPTEST_CASES", CASES)
}

/// The part of a step that runs these test binaries, if there is one.
fn only(mut step: Step, binaries: &[&str]) -> Option<Step> {
    let wanted =
        |arg: &String| arg.strip_prefix("--test=").is_none_or(|name| binaries.contains(&name));
    step.args.retain(wanted);
    step.args.iter().any(|arg| arg.starts_with("--test=")).then_some(step)
}

/// The lines that tests printed as `torture: family | what was done | what came of it`.
fn table(ended: &[Ended]) -> String {
    let rows: Vec<Vec<&str>> = ended
        .iter()
        .flat_map(|step| &step.table)
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let padded = |row: &Vec<&str>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(padded).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::step::Counted;

    #[test]
    fn the_table_lines_up_what_the_tests_printed() {
        let ended = Ended {
            title: "e2e tests".to_owned(),
            succeeded: true,
            took: Duration::from_secs(1),
            counted: Counted::default(),
            table: vec![
                "kill libvirtd | call 7 of 31 | completed on the next run".to_owned(),
                "cut upload | byte 4096 | found".to_owned(),
            ],
        };
        assert_eq!(
            table(&[ended]),
            "kill libvirtd  call 7 of 31  completed on the next run\n\
             cut upload     byte 4096     found"
        );
    }

    #[test]
    fn a_group_is_the_binaries_that_belong_to_it() {
        let step = |args: &[&str]| Step::cargo("e2e tests", args);
        let e2e = step(&["test", "--test=host", "--test=libvirt", "--", "--nocapture"]);
        let hosts = only(e2e, &["host", "ssh"]).unwrap();
        assert_eq!(hosts.command_line(), "cargo test --test=host -- --nocapture");
        assert_eq!(only(step(&["test", "--lib"]), &["host"]), None);
    }

    #[test]
    fn faults_are_asked_for_in_the_environment() {
        let step = tortured(Step::cargo("e2e tests", &["test"]));
        assert_eq!(step.command_line(), "HARMONY_TORTURE=1 PROPTEST_CASES=2048 cargo test");
    }
}
