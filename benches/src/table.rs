//! The table of ratios.

use std::fmt;

use serde::Serialize;

/// All rows, in the order they were measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

/// One measured thing.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    section: &'static str,
    what: String,
    /// What was measured.
    measured: f64,
    unit: &'static str,
    /// What it is held against, and whether that is a most or a least.
    goal: Option<Goal>,
    /// What it was compared with, or why it was not measured.
    note: String,
}

/// What a measured thing is held against.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    pub(crate) fn new(
        section: &'static str,
        what: impl Into<String>,
        measured: f64,
        unit: &'static str,
    ) -> Self {
        Self { section, what: what.into(), measured, unit, goal: None, note: String::new() }
    }

    pub(crate) const fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn verdict(&self) -> &'static str {
        match self.goal {
            _ if self.measured.is_nan() => "not measured",
            None => "",
            Some(Goal::AtLeast(least)) if self.measured >= least => "met",
            Some(Goal::AtMost(most)) if self.measured <= most => "met",
            Some(_) => "MISSED",
        }
    }
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| {:8} | {:52} | {:>12} | {:>10} | {:6} | note |",
            "section", "what", "measured", "goal", ""
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for row in &self.rows {
            let goal = match row.goal {
                None => String::new(),
                Some(Goal::AtLeast(least)) => format!(">= {least}"),
                Some(Goal::AtMost(most)) => format!("<= {most}"),
            };
            let measured = format!("{:.2} {}", row.measured, row.unit);
            let (section, what, verdict) = (row.section, &row.what, row.verdict());
            writeln!(
                f,
                "| {section:8} | {what:52} | {measured:>12} | {goal:>10} | {verdict:6} | {} |",
                row.note
            )?;
        }
        Ok(())
    }
}
