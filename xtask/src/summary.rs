//! The last lines of a chore.

use anyhow::{Result, bail};

use crate::step::{Ended, Step};

/// Runs every step, whether an earlier one failed or not, and ends with one line for each.
pub(crate) fn run_all(steps: &[Step], notes: &[String]) -> Result<Vec<Ended>> {
    let ended = steps.iter().map(Step::finish).collect::<Result<Vec<_>>>()?;
    println!("\n{}", table(&ended));
    for note in notes {
        println!("note: {note}");
    }
    let failed: Vec<&str> =
        ended.iter().filter(|step| !step.succeeded).map(|step| step.title.as_str()).collect();
    if failed.is_empty() { Ok(ended) } else { bail!("failed: {}", failed.join(", ")) }
}

fn table(ended: &[Ended]) -> String {
    let width = ended.iter().map(|step| step.title.len()).max().unwrap_or_default();
    let rows = ended.iter().map(|step| {
        let verdict = if step.succeeded { "ok" } else { "FAILED" };
        let counted = match (step.counted.passed, step.counted.failed) {
            (0, 0) => String::new(),
            (passed, failed) => format!("{passed} passed, {failed} failed"),
        };
        let row = format!(
            "{:width$}  {verdict:6}  {counted:26}  {:4} s",
            step.title,
            step.took.as_secs()
        );
        row.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::step::Counted;

    #[test]
    fn a_row_says_verdict_counts_and_time() {
        let ended = Ended {
            title: "e2e".to_owned(),
            succeeded: false,
            took: Duration::from_secs(61),
            counted: Counted { passed: 12, failed: 1 },
            table: Vec::new(),
        };
        assert_eq!(table(&[ended]), "e2e  FAILED  12 passed, 1 failed           61 s");
    }

    #[test]
    fn later_steps_run_after_a_failure_which_is_named() {
        let steps = [Step::new("bad", "false", &[]), Step::new("good", "true", &[])];
        let error = run_all(&steps, &[]).unwrap_err();
        assert_eq!(error.to_string(), "failed: bad");
    }
}
