//! Finding what carries the site's mark but has no score any more.

use std::fmt::Debug;

use async_trait::async_trait;

use super::Mark;
use crate::{Claim, Context, InterpretError, Outcome};

/// Counts what carries a site's mark on a topology, so that orphans can be told and removed.
///
/// An object is an *orphan* when it carries the site's mark and no step of the pipeline claims it.
/// Give one to `Pipeline::census`.
#[async_trait]
pub trait Census<T: Sync>: Debug + Send + Sync {
    /// What is counted, for the step's name: `virtual machines`.
    fn counts(&self) -> &'static str;

    /// Everything that carries the site's mark, as an orphan it would be.
    ///
    /// # Errors
    /// A look that failed: an incomplete count would call a living object an orphan.
    async fn marked(&self, ctx: &Context, topology: &T) -> Result<Vec<Orphan>, InterpretError>;

    /// Removes one orphan.
    ///
    /// # Errors
    /// What failed, where, why, and what to do.
    async fn remove(
        &self,
        ctx: &Context,
        topology: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError>;
}

/// An object that carries the site's mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// What the score that made it claimed for it.
    pub claim: Claim,
    /// The mark it carries.
    pub mark: Mark,
}
