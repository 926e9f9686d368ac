//! The mark a provider writes on what it creates.

use std::fmt;

use harmony_types::SiteName;
use serde::{Deserialize, Serialize};

/// The mark a provider writes on what it creates, where the product has room for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// The site it belongs to.
    pub site: SiteName,
    /// The step that made it, as it was called on the day.
    pub score: String,
    /// The version of the score's form.
    pub schema: u32,
    /// Whether it survives prune and teardown.
    pub protect: bool,
}

/// Whose an existing object is, seen from one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It carries no mark: somebody else made it.
    Foreign,
    /// It carries another site's mark.
    OfAnotherSite(Mark),
    /// It carries this site's mark.
    Ours(Mark),
}

impl Mark {
    /// A mark of schema version 1, unprotected.
    pub fn new(site: SiteName, score: impl Into<String>) -> Self {
        Self { site, score: score.into(), schema: 1, protect: false }
    }

    /// The same mark for another version of the score's form.
    #[must_use]
    pub const fn schema(mut self, version: u32) -> Self {
        self.schema = version;
        self
    }

    /// The same mark, protected or not.
    #[must_use]
    pub const fn protect(mut self, protect: bool) -> Self {
        self.protect = protect;
        self
    }
}

impl Standing {
    /// Whose an object is that carries `mark`, or none, seen from `site`.
    pub fn of(mark: Option<Mark>, site: &SiteName) -> Self {
        match mark {
            None => Self::Foreign,
            Some(mark) if mark.site == *site => Self::Ours(mark),
            Some(mark) => Self::OfAnotherSite(mark),
        }
    }

    /// Whether it is this site's.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Ours(_))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("carries no mark"),
            Self::OfAnotherSite(mark) => write!(f, "carries the mark of site `{}`", mark.site),
            Self::Ours(mark) => write!(f, "is ours, made by `{}`", mark.score),
        }
    }
}
