//! A pair of topologies, one of which takes over.

use super::{Primary, Replica};
use crate::{Context, Observed, Pipeline, Resting, Transition, TransitionError};

/// Two topologies, the second of which takes over when the first one fails.
///
/// Two parameters, so that a pair whose replica lags has an honest type: it keeps the
/// capabilities that only need the primary and lacks those that need both.
#[derive(Debug)]
#[must_use]
pub struct FailoverTopology<T, R = T> {
    /// The one that serves.
    pub primary: T,
    /// The one that takes over.
    pub replica: R,
}

impl<T: Send, R: Send> FailoverTopology<T, R> {
    /// Pairs two topologies.
    pub const fn new(primary: T, replica: R) -> Self {
        Self { primary, replica }
    }

    /// Takes one half through `transition` by hand: observes, and applies only if needed.
    ///
    /// # Errors
    /// What the transition reports. On [`TransitionError::Interrupted`] the healthy half is gone
    /// too and has to be observed again.
    pub async fn advance<Tr: Transition<Self>>(
        self,
        ctx: &Context,
        transition: Tr,
    ) -> Result<Tr::To, TransitionError<Self>> {
        match transition.observe(ctx, self).await? {
            Observed::Reached(to) => Ok(to),
            Observed::NotYet { from, .. } => transition.apply(ctx, from).await,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Resting, R: Resting> Resting for FailoverTopology<T, R> {
    fn label(&self) -> String {
        format!("{}+{}", self.primary.label(), self.replica.label())
    }
}

impl<S: Resting, T: Resting, R: Resting> Pipeline<S, FailoverTopology<T, R>> {
    /// Takes both halves through `transition`, the primary first.
    ///
    /// It is two steps, so a pair that stopped half-way has a type of its own, and a new run goes
    /// on with the half that lags.
    pub fn advance_both<Tr>(self, transition: Tr) -> Pipeline<S, BothAdvanced<Tr, T, R>>
    where
        Tr: Transition<T> + Transition<R> + Clone + 'static,
        <Tr as Transition<T>>::To: Resting,
        <Tr as Transition<R>>::To: Resting,
    {
        self.advance(Primary(transition.clone())).advance(Replica(transition))
    }
}

/// The pair after both halves have gone through one transition.
type BothAdvanced<Tr, T, R> =
    FailoverTopology<<Tr as Transition<T>>::To, <Tr as Transition<R>>::To>;
