//! The worker a score creates.

use std::fmt::Debug;

use async_trait::async_trait;

use super::{InterpretError, Outcome, ValidationReport};
use crate::Context;

/// The worker a score creates: it looks, acts, and undoes.
#[async_trait]
pub trait Interpret<T: Sync>: Debug + Send + Sync {
    /// Looks, without changing anything, what [`execute`](Self::execute) would do.
    ///
    /// # Errors
    /// A look that failed. A state that forbids the work is not an error but
    /// [`Status::Blocked`](super::Status::Blocked).
    async fn validate(
        &self,
        _ctx: &Context,
        _topology: &T,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(ValidationReport::will_execute())
    }

    /// Brings the desired thing about; executed twice, the second outcome is `Noop`.
    ///
    /// # Errors
    /// What failed, where, why, and what to do.
    async fn execute(&self, ctx: &Context, topology: &T) -> Result<Outcome, InterpretError>;

    /// Looks, without changing anything, what [`undo`](Self::undo) would do.
    ///
    /// # Errors
    /// A look that failed.
    async fn validate_undo(
        &self,
        _ctx: &Context,
        _topology: &T,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(ValidationReport::already_applied().note("is left in place"))
    }

    /// Takes the desired thing away again, as far as it carries this site's mark.
    ///
    /// # Errors
    /// What failed, where, why, and what to do.
    async fn undo(&self, _ctx: &Context, _topology: &T) -> Result<Outcome, InterpretError> {
        Ok(Outcome::left_in_place("has nothing that could be undone"))
    }
}
