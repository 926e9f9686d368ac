//! Taking a segment's scores away again.

use super::{Segment, execute::finish};
use crate::{
    Context,
    context::Cancellable,
    event::EventKind,
    pipeline::{Cause, Halt, StepRecord},
};

impl<T: Sync> Segment<T> {
    /// Undoes every score, the last one first.
    pub(crate) async fn undo(&self, ctx: &Context, on: &T) -> Result<(), Halt> {
        let bound = self.bind(ctx, on)?;
        for index in (0..bound.len()).rev() {
            let step = bound.id(index);
            if ctx.is_cancelled() {
                return Err(Halt::new(step, Cause::Cancelled));
            }
            let ctx = &ctx.for_step(&step);
            ctx.emit(|| EventKind::StepStarted { step: step.clone() });
            let interpret = bound.score(index).create_interpret();
            let halt = match interpret.undo(ctx, on).unless_cancelled(ctx).await {
                Some(Ok(outcome)) => {
                    finish(ctx, StepRecord::of_outcome(step, outcome, true));
                    continue;
                }
                Some(Err(error)) => Halt::of_interpret(step, error),
                None => Halt::new(step, Cause::Cancelled),
            };
            let effects = ctx.step_state().map(|step| step.take_effects()).unwrap_or_default();
            return Err(halt.with_effects(effects));
        }
        Ok(())
    }
}
