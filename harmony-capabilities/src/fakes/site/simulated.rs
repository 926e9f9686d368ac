//! The handle to a simulated site.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use harmony_phases::{
    Context, Intent, Permit,
    context::{EffectError, Waiting},
    ownership::Standing,
};

use super::{Happening, Services, SimulatedCluster, SimulatedGateway, world::World};
use crate::{
    fakes::{FaultPlan, Struck},
    keeping::Marked,
    network::{NetworkError, NetworkErrorKind},
};

/// A site that exists in memory only; clones are the same site.
///
/// It changes only inside [`Context::effect`], under the faults of its plan, and writes down what really happened.
/// Its machines take a few looks to boot, so that there is something to wait for.
///
/// ```
/// use harmony_capabilities::{fakes::SimulatedSite, network::{DhcpServer, Reservation}};
/// use harmony_phases::Context;
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (site, ctx) = (SimulatedSite::new(), Context::for_site("lab".parse()?));
/// site.bring_up_network(&ctx).await?;
/// let web = Reservation::new("52:54:00:00:00:0a".parse()?, [192, 168, 100, 10])?;
/// site.gateway().reserve(&ctx, &web, &ctx.mark()).await?;
/// assert_eq!(site.gateway().reservations().await?.len(), 1);
/// assert_eq!(site.history()[1].action, "create reservation");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct SimulatedSite {
    world: Arc<Mutex<World>>,
    faults: FaultPlan,
    waits: Waits,
}

/// How waits on the site go.
#[derive(Clone, Copy, Debug)]
struct Waits {
    every: Duration,
    patience: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self { every: Duration::from_secs(10), patience: Duration::from_mins(30) }
    }
}

impl SimulatedSite {
    /// A site where nothing is up yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Is looked at this often, and for this long, by whoever waits for something.
    #[must_use]
    pub const fn waiting(mut self, every: Duration, patience: Duration) -> Self {
        self.waits = Waits { every, patience };
        self
    }

    /// The faults it is put under.
    pub const fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// Its gateway: DHCP, DNS, TFTP and load balancing.
    pub fn gateway(&self) -> SimulatedGateway {
        SimulatedGateway::new(self.clone())
    }

    /// A client of the cluster that its machines form.
    pub fn cluster(&self) -> SimulatedCluster {
        SimulatedCluster::new(self.clone())
    }

    /// A wait for `condition`, as patient as the site needs.
    pub fn wait(&self, condition: impl Into<String>) -> Waiting {
        Waiting::until(condition).every(self.waits.every).deadline(self.waits.patience)
    }

    /// Everything that really happened so far, in order.
    pub fn history(&self) -> Vec<Happening> {
        self.world().history().to_vec()
    }

    /// What the gateway's services really have.
    pub fn services(&self) -> Services {
        self.world().services.clone()
    }

    /// Changes what the services have behind everybody's back.
    pub fn meddle(&self, change: impl FnOnce(&mut Services)) {
        change(&mut self.world().services);
    }

    /// Whose the network is; `None` while it is down.
    ///
    /// # Errors
    /// When the look fails.
    pub async fn network(&self, ctx: &Context) -> Result<Option<Standing>, NetworkError> {
        let standing = |network: &Marked<()>| network.standing(ctx.site());
        self.look("look at the network", |world| Ok(world.network.as_ref().map(standing))).await
    }

    /// Brings the network up; nothing happens where it is.
    ///
    /// # Errors
    /// When a fault is in the way, or the run was cancelled.
    pub async fn bring_up_network(&self, ctx: &Context) -> Result<(), NetworkError> {
        let mark = ctx.mark();
        self.change(ctx, Intent::new("bring up", "the network"), |permit, world| {
            if world.network.is_none() {
                world.network = Some(Marked::new((), mark.clone()));
                world.happened(permit, "bring up", "the network");
            }
            Ok(())
        })
        .await
    }

    /// Takes the network down where it is this site's.
    ///
    /// # Errors
    /// When a fault is in the way, or the run was cancelled.
    pub async fn take_down_network(&self, ctx: &Context) -> Result<(), NetworkError> {
        let ours = |network: &Marked<()>| network.standing(ctx.site()).is_ours();
        self.change(ctx, Intent::new("take down", "the network"), |permit, world| {
            if world.network.as_ref().is_some_and(ours) {
                world.network = None;
                world.happened(permit, "take down", "the network");
            }
            Ok(())
        })
        .await
    }

    /// Brings the network up as somebody else would: it carries no mark.
    pub fn find_network_up(&self) {
        self.world().network = Some(Marked::foreign(()));
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world, inside an effect and under the faults of the plan.
    pub(super) async fn change<T, E>(
        &self,
        ctx: &Context,
        intent: Intent,
        act: impl Fn(&Permit, &mut World) -> Result<T, E>,
    ) -> Result<T, E>
    where
        T: Default,
        E: From<EffectError> + From<Struck> + fmt::Display,
    {
        let call = intent.to_string();
        ctx.effect(intent, |permit| async move {
            self.faults.effect(&call, || act(&permit, &mut self.world())).await
        })
        .await
    }

    /// Looks at the world, under the faults of the plan.
    pub(super) async fn look<T: Default, E: From<Struck>>(
        &self,
        what: &str,
        look: impl Fn(&mut World) -> Result<T, E>,
    ) -> Result<T, E> {
        self.faults.read(what, || look(&mut self.world())).await
    }
}

impl fmt::Debug for SimulatedSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedSite").finish_non_exhaustive()
    }
}

impl From<Struck> for NetworkError {
    fn from(struck: Struck) -> Self {
        Self::new(NetworkErrorKind::Unknown, "hear the answer to the end")
            .at("the simulated site")
            .caused_by(struck)
            .remedy("run again: it looks first")
    }
}
