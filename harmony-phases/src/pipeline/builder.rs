//! Building a pipeline: types are checked here and erased in the stages.

use std::{fmt, mem::take};

use super::{
    Halt, Segment,
    advance::Advance,
    census::CensusScore,
    segment::Entry,
    stage::{Ahead, Back, Beyond, Joined, Stage, Start, Undoing, boxed},
};
use crate::{
    Context, Lands, Plan, Resting, Score, StepInfo, Transition,
    ownership::Census,
    score::Conditional,
    transition::{Inside, through},
};

/// Scores and transitions in order: starts on an `A`, ends on a `B`.
///
/// Scores run in the order they were given, each on the phase that the transitions before it have
/// reached. A pipeline's type says where it starts and where it ends, whatever its length.
///
/// ```
/// use harmony_phases::{Phase, Pipeline, Resting, RestingPhase, Topology};
/// # #[derive(Debug)] struct LinuxHost;
/// # impl Phase for LinuxHost { const NAME: &'static str = "LinuxHost"; }
/// # impl RestingPhase for LinuxHost {}
/// let nothing_yet: Pipeline<Topology<LinuxHost>, Topology<LinuxHost>> = Pipeline::start();
/// assert_eq!(nothing_yet.steps().len(), 0);
/// ```
#[must_use = "a pipeline does nothing until it is planned or executed"]
pub struct Pipeline<A, B> {
    head: Box<dyn Stage<A, B>>,
    tail: Segment<B>,
}

impl<T: Resting> Pipeline<T, T> {
    /// A pipeline that has no steps yet.
    pub fn start() -> Self {
        Self { head: Box::new(Start), tail: Segment::default() }
    }
}

impl<A: Resting, B: Resting> Pipeline<A, B> {
    /// Brings `score` about.
    pub fn run<S: Score<B> + 'static>(mut self, score: S) -> Self {
        self.tail.push(Entry::score(score));
        self
    }

    /// Brings `score` about where `when` holds; the type stays the same.
    ///
    /// It is undone whatever the condition says on that day.
    pub fn run_if<S: Score<B> + 'static>(
        self,
        when: impl Fn(&B) -> bool + Send + Sync + 'static,
        score: S,
    ) -> Self {
        self.run(Conditional::new(when, score))
    }

    /// Brings about the score that `build` makes of what the phase has learned: a lease, a MAC
    /// address, a kubeconfig. `name` is the step's.
    pub fn run_with<S: Score<B> + 'static>(
        mut self,
        name: impl Into<String>,
        build: impl Fn(&B) -> S + Send + Sync + 'static,
    ) -> Self {
        self.tail.push(Entry::late(name, build));
        self
    }

    /// Brings `scores` about, which are independent of one another and may run side by side.
    pub fn run_all<S: Score<B> + 'static>(mut self, scores: impl IntoIterator<Item = S>) -> Self {
        self.tail.push_together(scores.into_iter().map(Entry::score));
        self
    }

    /// Looks for what carries the site's mark and belongs to no step: lists it, or removes it
    /// when the run prunes. Put it where everything has been claimed: at the end.
    pub fn census(mut self, census: impl Census<B> + 'static) -> Self {
        self.tail.push(Entry::census(CensusScore::new(census)));
        self
    }

    /// Makes `transition`, which leads to a phase that a restart can land in.
    pub fn advance<Tr: Transition<B> + 'static>(self, transition: Tr) -> Pipeline<A, Tr::To>
    where
        Tr::To: Resting,
    {
        Pipeline { head: Box::new(Advance { before: self, transition }), tail: Segment::default() }
    }

    /// Enters a transient phase, runs what is `inside` it, and leaves it, in one step.
    ///
    /// Sugar for `advance(through(enter, inside, leave))`.
    pub fn through<In, M, Out>(
        self,
        enter: In,
        inside: impl FnOnce(Inside<M>) -> Inside<M>,
        leave: Out,
    ) -> Pipeline<A, Out::To>
    where
        M: Send + Sync + 'static,
        In: Transition<B, To = M> + 'static,
        Out: Lands<B, M> + 'static,
        Out::To: Resting,
    {
        self.advance(through(enter, inside, leave))
    }

    /// Goes on with another pipeline, which starts where this one ends.
    pub fn then<C: Resting>(mut self, mut next: Pipeline<B, C>) -> Pipeline<A, C> {
        next.absorb(take(&mut self.tail));
        Pipeline { head: Box::new(Joined { first: self.head, second: next.head }), tail: next.tail }
    }

    /// What is known of every step before anything runs, in order.
    pub fn steps(&self) -> Vec<StepInfo> {
        let mut steps = Vec::new();
        self.describe(&mut steps);
        steps
    }

    pub(super) fn describe(&self, steps: &mut Vec<StepInfo>) {
        self.head.describe(steps);
        self.tail.describe(steps);
    }

    pub(super) fn absorb(&mut self, leading: Segment<A>) {
        if let Some(mut segment) = self.head.absorb(leading) {
            segment.append(take(&mut self.tail));
            self.tail = segment;
        }
    }

    pub(super) async fn walk(&self, ctx: &Context, at: Ahead<A>, plan: &mut Plan) -> Ahead<B> {
        let mut ahead = self.head.plan(ctx, at, plan).await;
        boxed(|| self.tail.plan(ctx, &mut ahead, plan)).await;
        ahead
    }

    pub(super) async fn go(&self, ctx: &Context, at: A) -> Result<B, Halt> {
        let at = self.head.execute(ctx, at).await?;
        boxed(|| self.tail.execute(ctx, &at)).await?;
        Ok(at)
    }

    pub(super) fn undo<'a>(
        &'a self,
        ctx: &'a Context,
        at: A,
        beyond: Beyond<'a, B>,
    ) -> Undoing<'a, A> {
        let tail_after_beyond = async move |at: B| {
            let back = beyond(at).await?;
            if let Back::Here(at) = &back {
                boxed(|| self.tail.undo(ctx, at)).await?;
            }
            Ok(back)
        };
        self.head.teardown(ctx, at, Box::new(move |at| Box::pin(tail_after_beyond(at))))
    }
}

impl<A: Resting, B: Resting> fmt::Debug for Pipeline<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps().iter().map(|step| &step.id)).finish()
    }
}
