//! The system under automation, in a phase the compiler knows.

use crate::{
    Context, Phase, Reached,
    transition::{Observed, Transition, TransitionError},
};

/// A system under automation, whose phase `P` the compiler knows.
///
/// It is not `Clone`: two values would be two phases of one system. It is consumed by a
/// transition, so the phase that is over cannot be used any more.
///
/// ```
/// # use harmony_phases::{Phase, RestingPhase, Topology};
/// #[derive(Debug)]
/// struct Declared { address: &'static str }
/// impl Phase for Declared { const NAME: &'static str = "Declared"; }
/// impl RestingPhase for Declared {}
///
/// let host = Topology::new("h1", Declared { address: "192.0.2.7" });
/// assert_eq!(host.name(), "h1");
/// assert_eq!(host.phase().address, "192.0.2.7");
/// ```
#[derive(Debug)]
#[must_use = "a topology that is dropped is a system nobody looks after; advance it or run scores on it"]
pub struct Topology<P: Phase> {
    name: String,
    phase: P,
}

impl<P: Phase> Topology<P> {
    /// Puts a name to a system that is in `phase`.
    pub fn new(name: impl Into<String>, phase: P) -> Self {
        Self { name: name.into(), phase }
    }

    /// Replaces the phase, keeping the name: what a transition does last.
    pub fn map<Q: Phase>(self, next: impl FnOnce(P) -> Q) -> Topology<Q> {
        Topology { name: self.name, phase: next(self.phase) }
    }

    /// Takes the topology through `transition` by hand: observes, and applies only if needed.
    ///
    /// # Errors
    /// What the transition's `observe` or `apply` reports: [`TransitionError::Refused`] gives the
    /// topology back, [`TransitionError::Interrupted`] cannot.
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

    /// The name of the system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The phase, with what was acquired on reaching it.
    #[inline]
    pub const fn phase(&self) -> &P {
        &self.phase
    }

    /// What was acquired on reaching `Q`, an earlier phase that still holds.
    #[inline]
    pub fn evidence<Q: Phase>(&self) -> &Q
    where
        P: Reached<Q>,
    {
        self.phase.evidence()
    }
}
