//! From a cluster back to its network.

use harmony_capabilities::fakes::SimulatedSite;
use harmony_phases::{
    Context, Describe, Observed, Sensitivity, Topology, Transition, TransitionError,
};

use super::{
    ClusterPlan, ClusterReady, NetworkReady, OkdSiteError,
    error::{interrupted, refused},
};

/// Removes every machine of the cluster, and with them all that ran on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestroyCluster {
    plan: ClusterPlan,
}

impl DestroyCluster {
    /// Destroys the cluster of `plan`.
    pub fn new(plan: &ClusterPlan) -> Self {
        Self { plan: plan.clone() }
    }
}

/// Removes the machines of `plan` that are on; one that stays on is somebody else's.
pub(super) async fn remove_all(
    ctx: &Context,
    site: &SimulatedSite,
    plan: &ClusterPlan,
) -> Result<(), OkdSiteError> {
    let seen = site.look_at_machines().await?;
    for machine in plan.machines().filter(|machine| seen.machine(&machine.name).is_some()) {
        site.remove_machine(ctx, &machine.name).await?;
    }
    let seen = site.look_at_machines().await?;
    match plan.machines().find(|machine| seen.machine(&machine.name).is_some()) {
        Some(machine) => Err(OkdSiteError::NotOurs(machine.name.clone())),
        None => Ok(()),
    }
}

impl Describe for DestroyCluster {
    fn name(&self) -> String {
        "destroy the cluster".to_owned()
    }

    fn sensitivity(&self) -> Sensitivity {
        Sensitivity::Destructive
    }
}

fn network(from: Topology<ClusterReady>) -> Topology<NetworkReady> {
    from.map(|cluster| cluster.network)
}

impl Transition<Topology<ClusterReady>> for DestroyCluster {
    type To = Topology<NetworkReady>;

    async fn observe(
        &self,
        _ctx: &Context,
        from: Topology<ClusterReady>,
    ) -> Result<Observed<Self::To, Topology<ClusterReady>>, TransitionError<Topology<ClusterReady>>>
    {
        let site = from.evidence::<NetworkReady>().site();
        let seen = match site.look_at_machines().await {
            Ok(seen) => seen,
            Err(error) => return Err(refused(from, error)),
        };
        let standing = self.plan.machines().find(|machine| seen.machine(&machine.name).is_some());
        Ok(match standing {
            Some(machine) => {
                let because = format!("`{}` still stands", machine.name);
                Observed::not_yet(from, because)
            }
            None => Observed::Reached(network(from)),
        })
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<ClusterReady>,
    ) -> Result<Self::To, TransitionError<Topology<ClusterReady>>> {
        let site = from.evidence::<NetworkReady>().site();
        remove_all(ctx, site, &self.plan).await.map_err(interrupted)?;
        Ok(network(from))
    }
}
