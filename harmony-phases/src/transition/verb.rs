//! The transition trait.

use std::fmt;

use super::{Observed, Reverted, RevertedBy, TransitionError, WayBack};
use crate::{Context, Describe};

/// A verb that takes a topology from one phase to another.
///
/// `observe` looks, `apply` acts, `revert` goes back. Implementors write plain `async fn`; the
/// trait spells the futures out because a pipeline's stage has to box them, and a boxed future
/// has to be `Send`. The source `T` is a parameter, so that one verb can start from several
/// phases and so that the higher-order topologies can lift it.
#[diagnostic::on_unimplemented(
    message = "transition `{Self}` cannot start from `{T}`",
    label = "the steps before it lead to `{T}`; insert the missing transition in between"
)]
pub trait Transition<T: Send>: Describe + fmt::Debug + Send + Sync {
    /// Where it leads.
    type To: Send;

    /// Looks, without changing anything, whether the system is already there.
    ///
    /// # Errors
    /// A look that failed is an error, never "not yet".
    fn observe(
        &self,
        ctx: &Context,
        from: T,
    ) -> impl Future<Output = Result<Observed<Self::To, T>, TransitionError<T>>> + Send;

    /// Takes the system there; resumes what an earlier, interrupted `apply` began.
    ///
    /// # Errors
    /// [`TransitionError::Refused`] when nothing was touched, [`TransitionError::Interrupted`]
    /// when the system may be half-way.
    fn apply(
        &self,
        ctx: &Context,
        from: T,
    ) -> impl Future<Output = Result<Self::To, TransitionError<T>>> + Send;

    /// What going back will come to, known without touching anything.
    fn way_back(&self) -> WayBack {
        WayBack::Stays { because: "it has no way back".to_owned() }
    }

    /// Takes the system back.
    ///
    /// # Errors
    /// As for [`apply`](Self::apply).
    fn revert(
        &self,
        _ctx: &Context,
        _to: Self::To,
    ) -> impl Future<Output = Result<Reverted<T>, TransitionError<Self::To>>> + Send {
        async { Ok(Reverted::Stays { because: "it has no way back".to_owned() }) }
    }

    /// Clears the debris of a half-applied transition on the way down; provided: removes nothing.
    ///
    /// # Errors
    /// As for [`apply`](Self::apply).
    fn abandon(
        &self,
        _ctx: &Context,
        from: T,
    ) -> impl Future<Output = Result<T, TransitionError<T>>> + Send {
        async { Ok(from) }
    }

    /// Gives the transition a way back that is a transition of its own.
    fn reverted_by<Back>(self, back: Back) -> RevertedBy<Self, Back>
    where
        Self: Sized,
        Back: Transition<Self::To, To = T>,
    {
        RevertedBy::new(self, back)
    }
}
