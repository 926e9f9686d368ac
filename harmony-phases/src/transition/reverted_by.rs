//! A transition with a way back of its own.

use super::{Lands, Observed, Reverted, Transition, TransitionError, WayBack};
use crate::{Context, Describe, describe::describe_like};

/// A transition whose way back is another transition; made by [`Transition::reverted_by`].
#[derive(Clone, Debug)]
pub struct RevertedBy<Tr, Back> {
    there: Tr,
    back: Back,
}

impl<Tr, Back> RevertedBy<Tr, Back> {
    pub(super) const fn new(there: Tr, back: Back) -> Self {
        Self { there, back }
    }
}

impl<Tr: Describe, Back: Describe> Describe for RevertedBy<Tr, Back> {
    describe_like!(self => self.there);
}

impl<T: Send, Tr: Transition<T>, Back: Transition<Tr::To, To = T>> Transition<T>
    for RevertedBy<Tr, Back>
{
    type To = Tr::To;

    fn way_back(&self) -> WayBack {
        WayBack::Undoes
    }

    async fn observe(
        &self,
        ctx: &Context,
        from: T,
    ) -> Result<Observed<Self::To, T>, TransitionError<T>> {
        self.there.observe(ctx, from).await
    }

    async fn apply(&self, ctx: &Context, from: T) -> Result<Self::To, TransitionError<T>> {
        self.there.apply(ctx, from).await
    }

    async fn revert(
        &self,
        ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<T>, TransitionError<Self::To>> {
        Ok(Reverted::Undone(match self.back.observe(ctx, to).await? {
            Observed::Reached(t) => t,
            Observed::NotYet { from, .. } => self.back.apply(ctx, from).await?,
        }))
    }

    async fn abandon(&self, ctx: &Context, from: T) -> Result<T, TransitionError<T>> {
        self.there.abandon(ctx, from).await
    }
}

impl<T, M, Tr, Back> Lands<T, M> for RevertedBy<Tr, Back>
where
    T: Send,
    M: Send,
    Tr: Lands<T, M>,
    Back: Transition<Tr::To, To = M>,
{
    async fn landed(
        &self,
        ctx: &Context,
        from: T,
    ) -> Result<Observed<Self::To, T>, TransitionError<T>> {
        self.there.landed(ctx, from).await
    }
}
