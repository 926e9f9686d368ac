//! Transitions of one half of a pair.

use crate::{
    BoxError, Claim, Context, Describe, FailoverTopology, Observed, Sensitivity, StepInfo,
    Transition, TransitionError,
    transition::{Reverted, WayBack},
};

/// A transition of the primary half of a pair.
#[derive(Clone, Debug)]
pub struct Primary<Tr>(pub Tr);

/// A transition of the replica half of a pair.
#[derive(Clone, Debug)]
pub struct Replica<Tr>(pub Tr);

macro_rules! describe_half {
    ($half:ident, $name:literal) => {
        impl<Tr: Describe> Describe for $half<Tr> {
            fn name(&self) -> String {
                format!(concat!($name, ": {}"), self.0.name())
            }
            fn claims(&self) -> Vec<Claim> {
                self.0.claims().into_iter().map(|claim| claim.on($name)).collect()
            }
            fn releases(&self) -> Vec<Claim> {
                self.0.releases().into_iter().map(|claim| claim.on($name)).collect()
            }
            fn sensitivity(&self) -> Sensitivity {
                self.0.sensitivity()
            }
            fn inner_steps(&self) -> Vec<StepInfo> {
                self.0.inner_steps().into_iter().map(|step| on_half(step, $name)).collect()
            }
        }
    };
}

describe_half!(Primary, "primary");
describe_half!(Replica, "replica");

fn on_half(mut step: StepInfo, half: &str) -> StepInfo {
    step.id = format!("{half}: {}", step.id).into();
    for claim in step.claims.iter_mut().chain(&mut step.releases) {
        *claim = claim.clone().on(half);
    }
    step
}

impl<T: Send, R: Send, Tr: Transition<T>> Transition<FailoverTopology<T, R>> for Primary<Tr> {
    type To = FailoverTopology<Tr::To, R>;

    async fn observe(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<Observed<Self::To, FailoverTopology<T, R>>, TransitionError<FailoverTopology<T, R>>>
    {
        let FailoverTopology { primary, replica } = pair;
        let observed = self.0.observe(ctx, primary).await;
        match observed {
            Ok(Observed::Reached(primary)) => {
                Ok(Observed::Reached(FailoverTopology { primary, replica }))
            }
            Ok(Observed::NotYet { from: primary, because }) => {
                Ok(Observed::NotYet { from: FailoverTopology { primary, replica }, because })
            }
            Err(error) => Err(beside(error, |primary| FailoverTopology { primary, replica })),
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<Self::To, TransitionError<FailoverTopology<T, R>>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.apply(ctx, primary).await {
            Ok(primary) => Ok(FailoverTopology { primary, replica }),
            Err(error) => Err(beside(error, |primary| FailoverTopology { primary, replica })),
        }
    }

    fn way_back(&self) -> WayBack {
        self.0.way_back()
    }

    async fn revert(
        &self,
        ctx: &Context,
        pair: Self::To,
    ) -> Result<Reverted<FailoverTopology<T, R>>, TransitionError<Self::To>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.revert(ctx, primary).await {
            Ok(back) => Ok(back.map(|primary| FailoverTopology { primary, replica })),
            Err(error) => Err(beside(error, |primary| FailoverTopology { primary, replica })),
        }
    }

    async fn abandon(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<FailoverTopology<T, R>, TransitionError<FailoverTopology<T, R>>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.abandon(ctx, primary).await {
            Ok(primary) => Ok(FailoverTopology { primary, replica }),
            Err(error) => Err(beside(error, |primary| FailoverTopology { primary, replica })),
        }
    }
}

impl<T: Send, R: Send, Tr: Transition<R>> Transition<FailoverTopology<T, R>> for Replica<Tr> {
    type To = FailoverTopology<T, Tr::To>;

    async fn observe(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<Observed<Self::To, FailoverTopology<T, R>>, TransitionError<FailoverTopology<T, R>>>
    {
        let FailoverTopology { primary, replica } = pair;
        let observed = self.0.observe(ctx, replica).await;
        match observed {
            Ok(Observed::Reached(replica)) => {
                Ok(Observed::Reached(FailoverTopology { primary, replica }))
            }
            Ok(Observed::NotYet { from: replica, because }) => {
                Ok(Observed::NotYet { from: FailoverTopology { primary, replica }, because })
            }
            Err(error) => Err(beside(error, |replica| FailoverTopology { primary, replica })),
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<Self::To, TransitionError<FailoverTopology<T, R>>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.apply(ctx, replica).await {
            Ok(replica) => Ok(FailoverTopology { primary, replica }),
            Err(error) => Err(beside(error, |replica| FailoverTopology { primary, replica })),
        }
    }

    fn way_back(&self) -> WayBack {
        self.0.way_back()
    }

    async fn revert(
        &self,
        ctx: &Context,
        pair: Self::To,
    ) -> Result<Reverted<FailoverTopology<T, R>>, TransitionError<Self::To>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.revert(ctx, replica).await {
            Ok(back) => Ok(back.map(|replica| FailoverTopology { primary, replica })),
            Err(error) => Err(beside(error, |replica| FailoverTopology { primary, replica })),
        }
    }

    async fn abandon(
        &self,
        ctx: &Context,
        pair: FailoverTopology<T, R>,
    ) -> Result<FailoverTopology<T, R>, TransitionError<FailoverTopology<T, R>>> {
        let FailoverTopology { primary, replica } = pair;
        match self.0.abandon(ctx, replica).await {
            Ok(replica) => Ok(FailoverTopology { primary, replica }),
            Err(error) => Err(beside(error, |replica| FailoverTopology { primary, replica })),
        }
    }
}

/// An error of one half as an error of the pair.
///
/// Interrupted, the healthy half is dropped with the other: the pair as a whole cannot be claimed.
fn beside<H, P>(error: TransitionError<H>, wrap: impl FnOnce(H) -> P) -> TransitionError<P> {
    if error.is_interrupted() {
        let (_, source) = error.into_parts();
        return TransitionError::interrupted(HalfInterrupted { source });
    }
    error.map(wrap)
}

/// One half of a pair was interrupted.
#[derive(Debug, thiserror::Error)]
#[error("one half was interrupted, so the healthy half must be observed again too; run again")]
struct HalfInterrupted {
    source: BoxError,
}
