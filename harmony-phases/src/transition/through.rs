//! Entering and leaving a transient phase in one step.

use std::fmt;

use super::{Lands, Observed, Transition, TransitionError};
use crate::{
    Claim, Context, Describe, Score, Sensitivity, StepInfo,
    pipeline::{Entry, Segment},
};

/// Enters a transient phase, runs scores inside it, and leaves it; made by [`through`].
pub struct Through<In, Out, M> {
    enter: In,
    inside: Segment<M>,
    leave: Out,
}

/// What runs inside a transient phase: scores only.
#[must_use]
pub struct Inside<M> {
    segment: Segment<M>,
}

/// Enters a transient phase, runs what is `inside` it, and leaves it, as one transition.
///
/// It is observed from before the transient phase, so that a restart on a finished system does
/// not enter it again. Give it a way back with [`Transition::reverted_by`].
pub fn through<In, Out, M: Sync>(
    enter: In,
    inside: impl FnOnce(Inside<M>) -> Inside<M>,
    leave: Out,
) -> Through<In, Out, M> {
    let inside = inside(Inside { segment: Segment::default() }).segment;
    Through { enter, inside, leave }
}

impl<M: Sync> Inside<M> {
    /// Brings `score` about inside the transient phase.
    pub fn run<S: Score<M> + 'static>(mut self, score: S) -> Self {
        self.segment.push(Entry::score(score));
        self
    }

    /// Brings about the score that `build` makes of what the transient phase has learned.
    pub fn run_with<S: Score<M> + 'static>(
        mut self,
        name: impl Into<String>,
        build: impl Fn(&M) -> S + Send + Sync + 'static,
    ) -> Self {
        self.segment.push(Entry::late(name, build));
        self
    }

    /// Brings independent scores about, side by side.
    pub fn run_all<S: Score<M> + 'static>(mut self, scores: impl IntoIterator<Item = S>) -> Self {
        self.segment.push_together(scores.into_iter().map(Entry::score));
        self
    }
}

impl<In: Describe, Out: Describe, M: Sync> Describe for Through<In, Out, M> {
    fn name(&self) -> String {
        format!("{} .. {}", self.enter.name(), self.leave.name())
    }

    fn claims(&self) -> Vec<Claim> {
        let mut claims = self.enter.claims();
        claims.extend(self.leave.claims());
        claims
    }

    fn releases(&self) -> Vec<Claim> {
        let mut releases = self.enter.releases();
        releases.extend(self.leave.releases());
        releases
    }

    fn sensitivity(&self) -> Sensitivity {
        self.enter.sensitivity().max(self.leave.sensitivity())
    }

    fn inner_steps(&self) -> Vec<StepInfo> {
        let mut steps = self.enter.inner_steps();
        self.inside.describe(&mut steps);
        steps.extend(self.leave.inner_steps());
        steps
    }
}

impl<T, M, In, Out> Transition<T> for Through<In, Out, M>
where
    T: Send + 'static,
    M: Send + Sync + 'static,
    In: Transition<T, To = M>,
    Out: Lands<T, M>,
{
    type To = Out::To;

    async fn observe(
        &self,
        ctx: &Context,
        from: T,
    ) -> Result<Observed<Self::To, T>, TransitionError<T>> {
        self.leave.landed(ctx, from).await
    }

    async fn apply(&self, ctx: &Context, from: T) -> Result<Self::To, TransitionError<T>> {
        let inside = match self.enter.observe(ctx, from).await? {
            Observed::Reached(inside) => inside,
            Observed::NotYet { from, .. } => self.enter.apply(ctx, from).await?,
        };
        self.inside.execute(ctx, &inside).await.map_err(TransitionError::interrupted)?;
        let left = match self.leave.observe(ctx, inside).await {
            Ok(Observed::Reached(to)) => Ok(to),
            Ok(Observed::NotYet { from, .. }) => self.leave.apply(ctx, from).await,
            Err(error) => Err(error),
        };
        // The transient phase was entered: going back to `T` would be a lie, even on a refusal.
        left.map_err(|error| TransitionError::interrupted(error.into_parts().1))
    }

    async fn abandon(&self, ctx: &Context, from: T) -> Result<T, TransitionError<T>> {
        self.enter.abandon(ctx, from).await
    }
}

impl<In: fmt::Debug, Out: fmt::Debug, M> fmt::Debug for Through<In, Out, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} .. {:?}", self.enter, self.leave)
    }
}

impl<M> fmt::Debug for Inside<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inside").finish_non_exhaustive()
    }
}
