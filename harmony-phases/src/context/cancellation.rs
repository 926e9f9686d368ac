//! Cancelling a step anywhere but in the middle of an effect.

use super::Context;

/// Runs a step's work until it is done, or until the run is cancelled outside any effect.
pub(crate) trait Cancellable: Future + Sized {
    /// `None` when the run was cancelled; whatever effect had begun has ended then.
    async fn unless_cancelled(self, ctx: &Context) -> Option<Self::Output> {
        tokio::select! {
            biased;
            done = self => Some(done),
            () = cancelled_outside_effects(ctx) => None,
        }
    }
}

impl<F: Future> Cancellable for F {}

async fn cancelled_outside_effects(ctx: &Context) {
    ctx.cancelled().await;
    if let Some(step) = ctx.step_state() {
        step.outside_effects().await;
    }
}
