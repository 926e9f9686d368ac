//! A whole plan.

use harmony_types::SiteName;
use serde::{Deserialize, Serialize};

use super::PlanLine;
use crate::{event::Verb, form, form::FormError, score};

/// What a run would do, as far as reality can be looked at.
///
/// A plan is data: it serialises, its digest tells whether two are the same, and it prints well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct Plan {
    /// The version of the form; a reader refuses a higher one.
    pub v: u16,
    /// The site.
    pub site: SiteName,
    /// The system the plan is for.
    pub host: String,
    /// What the run would be for.
    pub verb: Verb,
    /// One line a step, in the order of the run.
    pub lines: Vec<PlanLine>,
}

impl Plan {
    /// The version of the form that this library writes.
    pub const VERSION: u16 = 1;

    pub(crate) const fn new(site: SiteName, host: String, verb: Verb) -> Self {
        Self { v: Self::VERSION, site, host, verb, lines: Vec::new() }
    }

    /// Reads a stored plan.
    ///
    /// # Errors
    /// It is not of the expected form, or of a later version.
    pub fn from_json(text: &str) -> Result<Self, FormError> {
        form::read(text, Self::VERSION)
    }

    /// Whether a run would find nothing to do, for sure.
    pub fn is_noop(&self) -> bool {
        !self.lines.iter().any(PlanLine::may_change)
    }

    /// The steps that must not be done, with the reasons.
    pub fn blocked(&self) -> impl Iterator<Item = (&PlanLine, &str)> {
        self.lines.iter().filter_map(|line| Some((line, line.blocked()?)))
    }

    /// The line of the step called `name`.
    pub fn line(&self, name: &str) -> Option<&PlanLine> {
        self.lines.iter().find(|line| line.step == *name)
    }

    /// SHA-256 of the plan in hex: equal plans have equal digests.
    pub fn digest(&self) -> String {
        // A plan holds nothing that could fail to serialise; were it to, the digest is of `null`.
        score::digest(&serde_json::to_value(self).unwrap_or_default())
    }
}
