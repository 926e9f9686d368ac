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
            Some(_) if self.misses() => "MISSED",
            Some(_) => "met",
        }
    }

    /// Whether it was measured, and is not what it should be.
    fn misses(&self) -> bool {
        match self.goal {
            None => false,
            Some(Goal::AtLeast(least)) => self.measured < least,
            Some(Goal::AtMost(most)) => self.measured > most,
        }
    }
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The goals that were missed; what was not measured misses none.
    pub(crate) fn missed(&self) -> Vec<&str> {
        self.rows.iter().filter(|row| row.misses()).map(|row| row.what.as_str()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_missed_by_what_was_measured_only() {
        let mut table = Table::default();
        let mut add = |what: &str, measured, goal| {
            table.add(Row::new("section", what, measured, "x").goal(goal));
        };
        add("fast", 1.0, Goal::AtMost(1.0));
        add("slow", 1.1, Goal::AtMost(1.0));
        add("far ahead", 5.0, Goal::AtLeast(5.0));
        add("ahead", 4.9, Goal::AtLeast(5.0));
        add("absent", f64::NAN, Goal::AtLeast(5.0));
        assert_eq!(table.missed(), ["slow", "ahead"]);
        let shown = table.to_string();
        assert_eq!(shown.matches("MISSED").count(), 2, "{shown}");
        assert_eq!(shown.matches("not measured").count(), 1, "{shown}");
    }
}
