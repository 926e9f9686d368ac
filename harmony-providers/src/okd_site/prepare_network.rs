//! From a declared site to one whose network is up.

use harmony_phases::{
    Context, Describe, Observed, Topology, Transition, TransitionError,
    transition::{Reverted, WayBack},
};

use super::{
    Declared, NetworkReady, OkdSiteError,
    error::{interrupted, refused},
};

/// Brings the site's network up, with a gateway that answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrepareNetwork;

impl Describe for PrepareNetwork {
    fn name(&self) -> String {
        "prepare the network".to_owned()
    }
}

fn ready(from: Topology<Declared>) -> Topology<NetworkReady> {
    from.map(|declared| NetworkReady { gateway: declared.site.gateway() })
}

fn declared(to: Topology<NetworkReady>) -> Topology<Declared> {
    to.map(|network| Declared { site: network.site().clone() })
}

impl Transition<Topology<Declared>> for PrepareNetwork {
    type To = Topology<NetworkReady>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> Result<Observed<Self::To, Topology<Declared>>, TransitionError<Topology<Declared>>> {
        match from.phase().site.network(ctx).await {
            Ok(Some(_)) => Ok(Observed::Reached(ready(from))),
            Ok(None) => Ok(Observed::not_yet(from, "the network is down")),
            Err(error) => Err(refused(from, error)),
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> Result<Self::To, TransitionError<Topology<Declared>>> {
        let site = &from.phase().site;
        let up = async {
            site.bring_up_network(ctx).await?;
            match site.network(ctx).await? {
                Some(_) => Ok(()),
                None => Err(OkdSiteError::Unconfirmed("the network is up")),
            }
        };
        match up.await {
            Ok(()) => Ok(ready(from)),
            Err(error) if error.is_before_any_effect() => Err(refused(from, error)),
            Err(error) => Err(interrupted(error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::Undoes
    }

    async fn revert(
        &self,
        ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<Declared>>, TransitionError<Self::To>> {
        let site = to.phase().site();
        match site.network(ctx).await {
            Ok(Some(standing)) if !standing.is_ours() => {
                return Ok(Reverted::LeftInPlace(declared(to)));
            }
            Ok(None) => return Ok(Reverted::Undone(declared(to))),
            Ok(Some(_)) => {}
            Err(error) => return Err(refused(to, error)),
        }
        let down = async {
            site.take_down_network(ctx).await?;
            match site.network(ctx).await? {
                None => Ok(()),
                Some(_) => Err(OkdSiteError::Unconfirmed("the network is down")),
            }
        };
        down.await.map_err(interrupted::<Self::To>)?;
        Ok(Reverted::Undone(declared(to)))
    }
}
