//! What a pipeline is made of once its types are erased.

use super::{Halt, Segment};
use crate::{BoxFuture, Context, Plan, Resting, StepId, StepInfo};

/// A way from an `A` to a `B`, whatever lies between.
pub(super) trait Stage<A: Resting, B: Resting>: Send + Sync {
    /// Adds what is known of its steps before anything runs.
    fn describe(&self, steps: &mut Vec<StepInfo>);

    /// Adds its lines to a plan, and says how far reality let it look.
    fn plan<'a>(
        &'a self,
        ctx: &'a Context,
        at: Ahead<A>,
        plan: &'a mut Plan,
    ) -> BoxFuture<'a, Ahead<B>>;

    /// Brings its part about; also the way to resume.
    fn execute<'a>(&'a self, ctx: &'a Context, at: A) -> BoxFuture<'a, Result<B, Halt>>;

    /// Takes its part down, after everything that lies beyond it.
    fn teardown<'a>(&'a self, ctx: &'a Context, at: A, beyond: Beyond<'a, B>) -> Undoing<'a, A>;

    /// Takes scores that stand before it; gives them back where it has no segment of its own.
    fn absorb(&mut self, leading: Segment<A>) -> Option<Segment<B>>;
}

/// How far a plan has come.
pub(super) struct Ahead<T> {
    pub(super) seen: Seen<T>,
    /// Whether a step so far changes the system.
    pub(super) changes: bool,
    /// Whether the plan is one of a teardown.
    pub(super) teardown: bool,
}

/// How far reality lets a plan look.
pub(super) enum Seen<T> {
    /// Nothing can be looked at until that transition has been made.
    Beyond { until: StepId },
    /// The system is here.
    Here(T),
}

/// How far a teardown came back.
#[derive(Debug)]
pub(super) enum Back<T> {
    Here(T),
    Stays { at: StepId, because: String },
}

pub(super) type Undoing<'a, T> = BoxFuture<'a, Result<Back<T>, Halt>>;

/// The teardown of all that lies beyond a stage.
pub(super) type Beyond<'a, T> = Box<dyn FnOnce(T) -> Undoing<'a, T> + Send + 'a>;

/// Makes and boxes a future in a frame of its own, so that it is not on its caller's, which is on
/// the stack once for every transition of the pipeline.
pub(super) fn boxed<'a, F>(make: impl FnOnce() -> F) -> BoxFuture<'a, F::Output>
where
    F: Future + Send + 'a,
{
    Box::pin(make())
}

/// The stage of a pipeline that has none yet.
pub(super) struct Start;

impl<T: Resting> Stage<T, T> for Start {
    fn describe(&self, _: &mut Vec<StepInfo>) {}

    fn plan<'a>(
        &'a self,
        _: &'a Context,
        at: Ahead<T>,
        _: &'a mut Plan,
    ) -> BoxFuture<'a, Ahead<T>> {
        Box::pin(async { at })
    }

    fn execute<'a>(&'a self, _: &'a Context, at: T) -> BoxFuture<'a, Result<T, Halt>> {
        Box::pin(async { Ok(at) })
    }

    fn teardown<'a>(&'a self, _: &'a Context, at: T, beyond: Beyond<'a, T>) -> Undoing<'a, T> {
        beyond(at)
    }

    fn absorb(&mut self, leading: Segment<T>) -> Option<Segment<T>> {
        Some(leading)
    }
}

/// One stage after the other: what `then` makes.
pub(super) struct Joined<A: Resting, B: Resting, C: Resting> {
    pub(super) first: Box<dyn Stage<A, B>>,
    pub(super) second: Box<dyn Stage<B, C>>,
}

impl<A: Resting, B: Resting, C: Resting> Stage<A, C> for Joined<A, B, C> {
    fn describe(&self, steps: &mut Vec<StepInfo>) {
        self.first.describe(steps);
        self.second.describe(steps);
    }

    fn plan<'a>(
        &'a self,
        ctx: &'a Context,
        at: Ahead<A>,
        plan: &'a mut Plan,
    ) -> BoxFuture<'a, Ahead<C>> {
        Box::pin(async move {
            let mid = self.first.plan(ctx, at, plan).await;
            self.second.plan(ctx, mid, plan).await
        })
    }

    fn execute<'a>(&'a self, ctx: &'a Context, at: A) -> BoxFuture<'a, Result<C, Halt>> {
        Box::pin(async move {
            let mid = self.first.execute(ctx, at).await?;
            self.second.execute(ctx, mid).await
        })
    }

    fn teardown<'a>(&'a self, ctx: &'a Context, at: A, beyond: Beyond<'a, C>) -> Undoing<'a, A> {
        self.first.teardown(ctx, at, Box::new(move |mid| self.second.teardown(ctx, mid, beyond)))
    }

    fn absorb(&mut self, leading: Segment<A>) -> Option<Segment<C>> {
        self.second.absorb(self.first.absorb(leading)?)
    }
}
