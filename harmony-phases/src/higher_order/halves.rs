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

type Pair<T, R> = FailoverTopology<T, R>;

/// A transition of the half in `$own`, whose type is `$Own`; the other half is put back beside it.
macro_rules! lift_to_half {
    ($half:ident: $own:ident of $Own:ident beside $other:ident, leads to $To:ty) => {
        impl<T: Send, R: Send, Tr: Transition<$Own>> Transition<Pair<T, R>> for $half<Tr> {
            type To = $To;

            async fn observe(
                &self,
                ctx: &Context,
                pair: Pair<T, R>,
            ) -> Result<Observed<Self::To, Pair<T, R>>, TransitionError<Pair<T, R>>> {
                let FailoverTopology { $own, $other } = pair;
                match self.0.observe(ctx, $own).await {
                    Ok(Observed::Reached($own)) => {
                        Ok(Observed::Reached(FailoverTopology { $own, $other }))
                    }
                    Ok(Observed::NotYet { from: $own, because }) => {
                        Ok(Observed::not_yet(FailoverTopology { $own, $other }, because))
                    }
                    Err(error) => Err(beside(error, |$own| FailoverTopology { $own, $other })),
                }
            }

            async fn apply(
                &self,
                ctx: &Context,
                pair: Pair<T, R>,
            ) -> Result<Self::To, TransitionError<Pair<T, R>>> {
                let FailoverTopology { $own, $other } = pair;
                match self.0.apply(ctx, $own).await {
                    Ok($own) => Ok(FailoverTopology { $own, $other }),
                    Err(error) => Err(beside(error, |$own| FailoverTopology { $own, $other })),
                }
            }

            fn way_back(&self) -> WayBack {
                self.0.way_back()
            }

            async fn revert(
                &self,
                ctx: &Context,
                pair: Self::To,
            ) -> Result<Reverted<Pair<T, R>>, TransitionError<Self::To>> {
                let FailoverTopology { $own, $other } = pair;
                match self.0.revert(ctx, $own).await {
                    Ok(back) => Ok(back.map(|$own| FailoverTopology { $own, $other })),
                    Err(error) => Err(beside(error, |$own| FailoverTopology { $own, $other })),
                }
            }

            async fn abandon(
                &self,
                ctx: &Context,
                pair: Pair<T, R>,
            ) -> Result<Pair<T, R>, TransitionError<Pair<T, R>>> {
                let FailoverTopology { $own, $other } = pair;
                match self.0.abandon(ctx, $own).await {
                    Ok($own) => Ok(FailoverTopology { $own, $other }),
                    Err(error) => Err(beside(error, |$own| FailoverTopology { $own, $other })),
                }
            }
        }
    };
}

lift_to_half!(Primary: primary of T beside replica, leads to FailoverTopology<Tr::To, R>);
lift_to_half!(Replica: replica of R beside primary, leads to FailoverTopology<T, Tr::To>);

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
