//! Bringing a segment's scores about.

use std::ops::Range;

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{
    Segment,
    bound::{Bound, Clash},
    validate::{Judged, Look},
};
use crate::{
    Context, Outcome, Status, StepId,
    context::Cancellable,
    event::EventKind,
    pipeline::{Cause, Halt, StepRecord},
    score::Detail,
};

impl From<Box<Clash>> for Halt {
    fn from(clash: Box<Clash>) -> Self {
        let Clash { at, error } = *clash;
        Self::new(at, Cause::Invalid(error))
    }
}

impl<T: Sync> Segment<T> {
    /// Validates everything side by side, then executes in order what is not applied yet.
    pub(crate) async fn execute(&self, ctx: &Context, on: &T) -> Result<(), Halt> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let bound = self.bind(ctx, on)?;
        let all = bound.validate(ctx, on, 0..bound.len(), Look::Forward);
        let mut first = all
            .unless_cancelled(ctx)
            .await
            .ok_or_else(|| Halt::new(bound.id(0), Cause::Cancelled))?
            .into_iter();
        let mut changed = false;
        for group in self.groups() {
            if ctx.is_cancelled() {
                return Err(Halt::new(bound.id(group.start), Cause::Cancelled));
            }
            // After a change the first look is out of date; before one it still stands.
            let judged = if changed {
                let again = bound.validate(ctx, on, group.clone(), Look::Forward);
                let cancelled = || Halt::new(bound.id(group.start), Cause::Cancelled);
                again.unless_cancelled(ctx).await.ok_or_else(cancelled)?
            } else {
                first.by_ref().take(group.len()).collect()
            };
            changed |= bound.execute_group(ctx, on, group, judged).await?;
        }
        Ok(())
    }
}

type Done = (StepId, Result<Outcome, Halt>);

impl<T: Sync> Bound<'_, T> {
    /// Executes a group side by side; says whether the system was changed.
    async fn execute_group(
        &self,
        ctx: &Context,
        on: &T,
        group: Range<usize>,
        judged: Vec<Judged>,
    ) -> Result<bool, Halt> {
        let mut todo = self.sort(ctx, group, judged)?.into_iter();
        let mut under_way = FuturesUnordered::new();
        let (mut changed, mut halted) = (false, None);
        loop {
            while halted.is_none() && under_way.len() < ctx.side_by_side() {
                match todo.next() {
                    Some(index) => under_way.push(self.execute_one(ctx, on, index)),
                    None => break,
                }
            }
            let Some((step, outcome)) = under_way.next().await else { break };
            match outcome {
                Ok(outcome) => {
                    changed |= outcome.changed();
                    finish(ctx, StepRecord::of_outcome(step, outcome, false));
                }
                // The others are finished first, so that what they did is on record.
                Err(halt) if halted.is_none() => halted = Some(halt),
                Err(halt) => finish(ctx, failed(step, &halt)),
            }
        }
        match halted {
            Some(halt) => Err(halt),
            None => Ok(changed),
        }
    }

    /// Records what is applied already, and gives back what is to be executed.
    fn sort(
        &self,
        ctx: &Context,
        group: Range<usize>,
        judged: Vec<Judged>,
    ) -> Result<Vec<usize>, Halt> {
        let mut todo = Vec::new();
        for (index, judged) in group.zip(judged) {
            let report = judged.map_err(|error| Halt::of_interpret(self.id(index), error))?;
            match report.status {
                Status::AlreadyApplied => {
                    let notes = report.details.iter().map(Detail::to_string);
                    let outcome = notes.fold(Outcome::noop(""), Outcome::detail);
                    finish(ctx, StepRecord::of_outcome(self.id(index), outcome, false));
                }
                Status::Blocked(reason) => {
                    return Err(Halt::new(self.id(index), Cause::Blocked(reason)));
                }
                _ => todo.push(index),
            }
        }
        Ok(todo)
    }

    async fn execute_one(&self, ctx: &Context, on: &T, index: usize) -> Done {
        let step = self.id(index);
        let ctx = &ctx.for_step(&step);
        ctx.emit(|| EventKind::StepStarted { step: step.clone() });
        let interpret = self.score(index).create_interpret();
        let halt = match interpret.execute(ctx, on).unless_cancelled(ctx).await {
            Some(Ok(outcome)) => return (step, Ok(outcome)),
            Some(Err(error)) => Halt::of_interpret(step.clone(), error),
            None => Halt::new(step.clone(), Cause::Cancelled),
        };
        let effects = ctx.step_state().map(|step| step.take_effects()).unwrap_or_default();
        (step, Err(halt.with_effects(effects)))
    }
}

fn failed(step: StepId, halt: &Halt) -> StepRecord {
    StepRecord::new(step, halt.result(), halt.because())
}

pub(super) fn finish(ctx: &Context, record: StepRecord) {
    log::info!("{record}");
    ctx.emit(|| EventKind::StepFinished { record: record.clone() });
    ctx.run_state().record(record);
}
