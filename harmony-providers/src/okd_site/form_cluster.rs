//! From a bootstrap machine that serves to a cluster that stands by itself.

use harmony_capabilities::fakes::{MachineRole, SimulatedSite};
use harmony_phases::{
    Claim, Context, Describe, Lands, Observed, Topology, Transition, TransitionError, context::Look,
};

use super::{
    Bootstrapping, ClusterPlan, ClusterReady, NetworkReady, OkdSiteError,
    error::{interrupted, refused},
};

/// Starts the control plane, waits until it has formed, and removes the bootstrap machine.
///
/// Recognised from before the bootstrap machine: a control plane that stands without it is past the point of no
/// return, so what is left to do is to wait for its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormCluster {
    plan: ClusterPlan,
}

impl FormCluster {
    /// Forms the cluster of `plan`.
    pub fn new(plan: &ClusterPlan) -> Self {
        Self { plan: plan.clone() }
    }

    async fn form(&self, ctx: &Context, site: &SimulatedSite) -> Result<(), OkdSiteError> {
        let seen = site.look_at_machines().await?;
        for machine in self.plan.control_plane() {
            if seen.machine(&machine.name).is_none() {
                site.switch_on(ctx, &machine.as_role(MachineRole::ControlPlane)).await?;
            }
        }
        ctx.wait(site.wait("the control plane has formed"), async || {
            let missing = self.plan.missing(&site.look_at_machines().await?);
            Ok::<_, OkdSiteError>(match missing {
                None => Look::Seen(()),
                Some(names) => Look::NotYet(format!("not joined yet: {names}")),
            })
        })
        .await?;

        let bootstrap = &self.plan.bootstrap().name;
        site.remove_machine(ctx, bootstrap).await?;
        if site.look_at_machines().await?.machine(bootstrap).is_some() {
            return Err(OkdSiteError::NotOurs(bootstrap.clone()));
        }
        self.settle(ctx, site).await
    }

    async fn settle(&self, ctx: &Context, site: &SimulatedSite) -> Result<(), OkdSiteError> {
        ctx.wait(site.wait("the API takes requests"), async || {
            let ready = site.look_at_machines().await?.api_ready;
            let settles = || Look::NotYet("the control plane settles".to_owned());
            Ok(if ready { Look::Seen(()) } else { settles() })
        })
        .await
    }
}

impl Describe for FormCluster {
    fn name(&self) -> String {
        "form the cluster".to_owned()
    }

    fn claims(&self) -> Vec<Claim> {
        self.plan.control_plane().iter().map(|machine| Claim::mac(machine.mac)).collect()
    }

    fn releases(&self) -> Vec<Claim> {
        vec![Claim::mac(self.plan.bootstrap().mac)]
    }
}

impl Transition<Topology<Bootstrapping>> for FormCluster {
    type To = Topology<ClusterReady>;

    async fn observe(
        &self,
        _ctx: &Context,
        from: Topology<Bootstrapping>,
    ) -> Result<Observed<Self::To, Topology<Bootstrapping>>, TransitionError<Topology<Bootstrapping>>>
    {
        let because = format!("`{}` still stands", from.phase().bootstrap());
        Ok(Observed::not_yet(from, because))
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<Bootstrapping>,
    ) -> Result<Self::To, TransitionError<Topology<Bootstrapping>>> {
        let site = from.evidence::<NetworkReady>().site();
        self.form(ctx, site).await.map_err(interrupted)?;
        Ok(from.map(|bootstrapping| bootstrapping.network.with_cluster()))
    }
}

impl Lands<Topology<NetworkReady>, Topology<Bootstrapping>> for FormCluster {
    async fn landed(
        &self,
        ctx: &Context,
        from: Topology<NetworkReady>,
    ) -> Result<Observed<Self::To, Topology<NetworkReady>>, TransitionError<Topology<NetworkReady>>>
    {
        let site = from.phase().site();
        let seen = match site.look_at_machines().await {
            Ok(seen) => seen,
            Err(error) => return Err(refused(from, error)),
        };
        if !seen.formed {
            return Ok(Observed::not_yet(from, "no control plane stands by itself"));
        }
        if let Some(names) = self.plan.missing(&seen) {
            // Not an error: a teardown that was cut off goes on from here.
            return Ok(Observed::not_yet(from, format!("a control plane stands without {names}")));
        }
        if let Err(error) = self.settle(ctx, site).await {
            return Err(refused(from, error));
        }
        Ok(Observed::Reached(from.map(NetworkReady::with_cluster)))
    }
}
