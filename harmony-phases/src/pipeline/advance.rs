//! The stage that makes a transition.

use super::{
    Halt, Pipeline, Segment, StepRecord, StepResult, chain,
    failure::Cause,
    stage::{Ahead, Back, Beyond, Seen, Stage, Undoing, boxed},
};
use crate::{
    BoxFuture, Context, Observed, Plan, Resting, StepId, StepInfo, StepKind, Transition,
    TransitionError,
    context::Cancellable,
    event::EventKind,
    plan::{Certainty, PlanLine, Verdict},
    transition::Reverted,
};

/// Everything before a transition, then the transition.
pub(super) struct Advance<A: Resting, B: Resting, Tr> {
    pub(super) before: Pipeline<A, B>,
    pub(super) transition: Tr,
}

impl<A: Resting, B: Resting, Tr: Transition<B> + 'static> Advance<A, B, Tr>
where
    Tr::To: Resting,
{
    fn id(&self) -> StepId {
        self.transition.name().into()
    }

    /// Runs one verb of the transition; cancelled outside its effects, it is let go of.
    ///
    /// The future is made and boxed in here: what a caller holds of it would be on the stack once
    /// for every transition of the pipeline.
    fn verb<'a, O, E, Fut>(
        &'a self,
        ctx: &'a Context,
        verb: impl FnOnce() -> Fut,
    ) -> BoxFuture<'a, Result<O, Halt>>
    where
        Fut: Future<Output = Result<O, TransitionError<E>>> + Send + 'a,
        E: Send,
    {
        let verb = verb();
        Box::pin(async move {
            let halt = match verb.unless_cancelled(ctx).await {
                Some(Ok(done)) => return Ok(done),
                Some(Err(error)) => Halt::of_transition(self.id(), error),
                None => Halt::new(self.id(), Cause::Cancelled),
            };
            let effects = ctx.step_state().map(|step| step.take_effects()).unwrap_or_default();
            Err(halt.with_effects(effects))
        })
    }

    async fn make(&self, ctx: &Context, at: B) -> Result<Tr::To, Halt> {
        let ctx = &ctx.for_step(&self.id());
        ctx.emit_for_step(|step| EventKind::StepStarted { step });
        match self.verb(ctx, || self.transition.observe(ctx, at)).await? {
            Observed::Reached(to) => {
                self.record(ctx, StepResult::Reached, "");
                Ok(to)
            }
            Observed::NotYet { from, because } => {
                log::info!("{}: {because}", self.id());
                let to = self.verb(ctx, || self.transition.apply(ctx, from)).await?;
                self.record(ctx, StepResult::Applied, &format!("because {because}"));
                Ok(to)
            }
        }
    }

    async fn unmake(
        &self,
        ctx: &Context,
        at: B,
        beyond: Beyond<'_, Tr::To>,
    ) -> Result<Back<B>, Halt> {
        let ctx = &ctx.for_step(&self.id());
        let to = match self.verb(ctx, || self.transition.observe(ctx, at)).await? {
            Observed::Reached(to) => to,
            Observed::NotYet { from, because } => {
                let from = self.verb(ctx, || self.transition.abandon(ctx, from)).await?;
                self.record(ctx, StepResult::NotReached, &because);
                return Ok(Back::Here(from));
            }
        };
        let to = match beyond(to).await? {
            Back::Here(to) => to,
            Back::Stays { at, because } => return Ok(Back::Stays { at, because }),
        };
        ctx.emit_for_step(|step| EventKind::StepStarted { step });
        Ok(match self.verb(ctx, || self.transition.revert(ctx, to)).await? {
            Reverted::Undone(from) => {
                self.record(ctx, StepResult::Undone, "");
                Back::Here(from)
            }
            Reverted::LeftInPlace(from) => {
                self.record(ctx, StepResult::LeftInPlace, "");
                Back::Here(from)
            }
            Reverted::Stays { because } => {
                self.record(ctx, StepResult::Stays, &because);
                Back::Stays { at: self.id(), because }
            }
        })
    }

    fn record(&self, ctx: &Context, result: StepResult, message: &str) {
        let record = StepRecord::new(self.id(), result, message);
        ctx.emit(|| EventKind::StepFinished { record: record.clone() });
        ctx.run_state().record(record);
    }

    /// What the plan says of the transition, and how far it could look.
    async fn look(&self, ctx: &Context, at: B, teardown: bool) -> (Verdict, Seen<Tr::To>) {
        let until = || Seen::Beyond { until: self.id() };
        match self.transition.observe(&ctx.for_step(&self.id()), at).await {
            Ok(Observed::Reached(to)) if teardown => {
                (Verdict::WillGoBack(self.transition.way_back()), Seen::Here(to))
            }
            Ok(Observed::Reached(to)) => (Verdict::Reached, Seen::Here(to)),
            Ok(Observed::NotYet { because, .. }) => (Verdict::WillApply { because }, until()),
            Err(error) => (Verdict::CannotTell(chain(&*error.into_parts().1)), until()),
        }
    }

    fn deferred_inside(&self, plan: &mut Plan, until: &StepId) {
        plan.lines.extend(self.transition.inner_steps().into_iter().map(|info| {
            let certainty = Certainty::Deferred { until: until.clone() };
            PlanLine::new(info, Verdict::Unknown, certainty)
        }));
    }
}

impl<A: Resting, B: Resting, Tr: Transition<B> + 'static> Stage<A, Tr::To> for Advance<A, B, Tr>
where
    Tr::To: Resting,
{
    fn describe(&self, steps: &mut Vec<StepInfo>) {
        self.before.describe(steps);
        steps.push(StepInfo::of(StepKind::Transition, &self.transition));
        steps.extend(self.transition.inner_steps());
    }

    fn plan<'a>(
        &'a self,
        ctx: &'a Context,
        at: Ahead<A>,
        plan: &'a mut Plan,
    ) -> BoxFuture<'a, Ahead<Tr::To>> {
        Box::pin(async move {
            let Ahead { seen, changes, teardown } = self.before.walk(ctx, at, plan).await;
            let looked = if changes { Certainty::Inferred } else { Certainty::Proven };
            let (verdict, certainty, seen) = match seen {
                Seen::Here(at) => {
                    let (verdict, seen) = boxed(|| self.look(ctx, at, teardown)).await;
                    (verdict, looked, seen)
                }
                Seen::Beyond { until } => {
                    let certainty = Certainty::Deferred { until: until.clone() };
                    (Verdict::Unknown, certainty, Seen::Beyond { until })
                }
            };
            let info = StepInfo::of(StepKind::Transition, &self.transition);
            plan.lines.push(PlanLine::new(info, verdict, certainty));
            let changes = match &seen {
                Seen::Here(_) => changes,
                Seen::Beyond { until } => {
                    self.deferred_inside(plan, until);
                    true
                }
            };
            Ahead { seen, changes, teardown }
        })
    }

    fn execute<'a>(&'a self, ctx: &'a Context, at: A) -> BoxFuture<'a, Result<Tr::To, Halt>> {
        Box::pin(async move {
            let at = self.before.go(ctx, at).await?;
            boxed(|| self.make(ctx, at)).await
        })
    }

    fn teardown<'a>(
        &'a self,
        ctx: &'a Context,
        at: A,
        beyond: Beyond<'a, Tr::To>,
    ) -> Undoing<'a, A> {
        self.before.undo(ctx, at, Box::new(move |at| Box::pin(self.unmake(ctx, at, beyond))))
    }

    fn absorb(&mut self, leading: Segment<A>) -> Option<Segment<Tr::To>> {
        self.before.absorb(leading);
        None
    }
}
