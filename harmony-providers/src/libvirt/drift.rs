//! Differences between what is there and what is wanted, field by field.

use std::fmt::Display;

use harmony_phases::score::{ChangeEffect, Detail, ValidationReport};

/// The differences found so far. Only what the user set is ever asked about.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    changes: Vec<Detail>,
}

impl Drift {
    /// Notes a difference of a field that the user set.
    pub(crate) fn field<T: Display + PartialEq>(
        &mut self,
        field: &str,
        found: Option<&T>,
        wanted: Option<&T>,
        effect: ChangeEffect,
    ) {
        if let Some(wanted) = wanted
            && found != Some(wanted)
        {
            self.differs(
                field,
                found.map_or_else(|| "nothing".to_owned(), T::to_string),
                wanted,
                effect,
            );
        }
    }

    /// Notes a difference.
    pub(crate) fn differs(
        &mut self,
        field: impl Into<String>,
        found: impl Display,
        wanted: impl Display,
        effect: ChangeEffect,
    ) {
        self.changes.push(Detail::Change {
            field: field.into(),
            found: found.to_string(),
            wanted: wanted.to_string(),
            effect,
        });
    }

    /// Adds the differences of another look.
    pub(crate) fn extend(&mut self, other: Self) {
        self.changes.extend(other.changes);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What would be done about the differences.
    pub(crate) fn into_report(self) -> ValidationReport {
        let report = if self.is_empty() {
            ValidationReport::already_applied()
        } else {
            ValidationReport::will_update()
        };
        self.changes.into_iter().fold(report, ValidationReport::detail)
    }
}
