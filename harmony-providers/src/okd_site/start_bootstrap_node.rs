//! From a network to a bootstrap machine that serves.

use harmony_capabilities::{
    fakes::{MachineRole, SimulatedMachine, SimulatedSite},
    network::DhcpServer,
};
use harmony_phases::{
    Claim, Context, Describe, Observed, Topology, Transition, TransitionError, context::Look,
};

use super::{
    Bootstrapping, ClusterPlan, NetworkReady, OkdSiteError,
    destroy_cluster::remove_all,
    error::{interrupted, refused},
};

/// Starts the bootstrap machine and waits until it serves.
///
/// Refuses where the machine has no reservation on the site's DHCP server. On the way down it clears what an
/// installation that was cut off left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartBootstrapNode {
    plan: ClusterPlan,
}

impl StartBootstrapNode {
    /// Starts the bootstrap machine of `plan`.
    pub fn new(plan: &ClusterPlan) -> Self {
        Self { plan: plan.clone() }
    }

    fn machine(&self) -> SimulatedMachine {
        self.plan.bootstrap().as_role(MachineRole::Bootstrap)
    }

    /// Whether the machine may be started, seen at the last moment.
    async fn may_start(&self, from: &Topology<NetworkReady>) -> Result<(), OkdSiteError> {
        let seen = from.phase().site().look_at_machines().await?;
        if seen.formed {
            let lost = self.plan.missing(&seen);
            return Err(lost.map_or(OkdSiteError::FormedMeanwhile, OkdSiteError::Incomplete));
        }
        let bootstrap = self.plan.bootstrap();
        let reserved = from.reservations().await?;
        if reserved.iter().any(|kept| kept.item.mac() == bootstrap.mac) {
            return Ok(());
        }
        Err(OkdSiteError::NoReservation { name: bootstrap.name.clone(), mac: bootstrap.mac })
    }

    async fn start(&self, ctx: &Context, site: &SimulatedSite) -> Result<(), OkdSiteError> {
        let bootstrap = &self.plan.bootstrap().name;
        if site.look_at_machines().await?.machine(bootstrap).is_none() {
            site.switch_on(ctx, &self.machine()).await?;
        }
        ctx.wait(site.wait(format!("`{bootstrap}` serves")), async || {
            let seen = site.look_at_machines().await?;
            Ok(match seen.machine(bootstrap) {
                Some(machine) if machine.ready => Look::Seen(()),
                Some(_) => Look::NotYet(format!("`{bootstrap}` boots")),
                None => Look::NotYet(format!("`{bootstrap}` is off")),
            })
        })
        .await
    }
}

impl Describe for StartBootstrapNode {
    fn name(&self) -> String {
        format!("start `{}`", self.plan.bootstrap().name)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::mac(self.plan.bootstrap().mac)]
    }
}

impl Transition<Topology<NetworkReady>> for StartBootstrapNode {
    type To = Topology<Bootstrapping>;

    async fn observe(
        &self,
        _ctx: &Context,
        from: Topology<NetworkReady>,
    ) -> Result<Observed<Self::To, Topology<NetworkReady>>, TransitionError<Topology<NetworkReady>>>
    {
        let seen = match from.phase().site().look_at_machines().await {
            Ok(seen) => seen,
            Err(error) => return Err(refused(from, error)),
        };
        let bootstrap = self.machine();
        Ok(match seen.machine(&bootstrap.name) {
            Some(machine) if machine.ready => {
                Observed::Reached(from.map(|network| Bootstrapping { network, bootstrap }))
            }
            Some(_) => Observed::not_yet(from, format!("`{}` boots", bootstrap.name)),
            None => Observed::not_yet(from, format!("`{}` is off", bootstrap.name)),
        })
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<NetworkReady>,
    ) -> Result<Self::To, TransitionError<Topology<NetworkReady>>> {
        if let Err(error) = self.may_start(&from).await {
            return Err(refused(from, error));
        }
        match self.start(ctx, from.phase().site()).await {
            Ok(()) => {
                let bootstrap = self.machine();
                Ok(from.map(|network| Bootstrapping { network, bootstrap }))
            }
            Err(error) if error.is_before_any_effect() => Err(refused(from, error)),
            Err(error) => Err(interrupted(error)),
        }
    }

    async fn abandon(
        &self,
        ctx: &Context,
        from: Topology<NetworkReady>,
    ) -> Result<Topology<NetworkReady>, TransitionError<Topology<NetworkReady>>> {
        remove_all(ctx, from.phase().site(), &self.plan).await.map_err(interrupted)?;
        Ok(from)
    }
}
