//! Recognising where a transient phase leads, from before it.

use super::{Observed, Transition, TransitionError};
use crate::Context;

/// A transition out of a transient phase, whose landing is recognised from before that phase.
///
/// Without it a run on a finished cluster would bootstrap it again: the transient phase `M` is
/// gone, so looking for it finds nothing.
#[diagnostic::on_unimplemented(
    message = "transition `{Self}` cannot be recognised from `{T}`",
    label = "does not lead out of a transient phase that is entered from `{T}`",
    note = "implement `Lands<{T}, {M}>` for it, so that a restart finds a finished system without entering `{M}` again"
)]
pub trait Lands<T: Send, M: Send>: Transition<M> {
    /// Looks, from before the transient phase, whether the system has already come out of it.
    ///
    /// # Errors
    /// A look that failed is an error, never "not yet".
    fn landed(
        &self,
        ctx: &Context,
        from: T,
    ) -> impl Future<Output = Result<Observed<Self::To, T>, TransitionError<T>>> + Send;
}
