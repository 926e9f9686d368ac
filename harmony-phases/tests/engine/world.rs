//! A world kept in memory, the phases a system in it can be in, and scores that write to it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, atomic::AtomicBool, atomic::Ordering::SeqCst},
};

use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Intent, Interpret, InterpretError, Lands, Observed, Outcome, Phase,
    Reached, RestingPhase, Score, Topology, Transition, TransitionError, ValidationReport,
    context::EffectError,
    pipeline::StepRecord,
    transition::{Reverted, WayBack},
};

/// What exists.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) net: AtomicBool,
    pub(crate) bootstrap: AtomicBool,
    pub(crate) cluster: AtomicBool,
    pub(crate) broken: AtomicBool,
    pub(crate) things: Mutex<BTreeMap<String, u32>>,
    /// Everything that was ever written, in order.
    pub(crate) writes: Mutex<Vec<String>>,
}

impl World {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }
    pub(crate) fn names(&self) -> Vec<String> {
        self.things.lock().unwrap().keys().cloned().collect()
    }
    pub(crate) fn writes(&self) -> Vec<String> {
        self.writes.lock().unwrap().clone()
    }
    fn write(&self, what: String) {
        self.writes.lock().unwrap().push(what);
    }
}

#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) world: Arc<World>,
}
#[derive(Debug)]
pub(crate) struct NetworkReady {
    pub(crate) host: Host,
}
#[derive(Debug)]
pub(crate) struct Bootstrapping {
    pub(crate) network: NetworkReady,
}
#[derive(Debug)]
pub(crate) struct ClusterReady {
    pub(crate) network: NetworkReady,
}

macro_rules! phases {
    ($($phase:ident $(via $field:ident)? ;)*) => {$(
        impl Phase for $phase { const NAME: &'static str = stringify!($phase); }
        impl Reached<Host> for $phase {
            fn evidence(&self) -> &Host { phases!(@host self $($field)?) }
        }
    )*};
    (@host $self:ident) => { $self };
    (@host $self:ident $field:ident) => { $self.$field.evidence() };
}
phases! { Host; NetworkReady via host; Bootstrapping via network; ClusterReady via network; }
impl RestingPhase for Host {}
impl RestingPhase for NetworkReady {}
impl RestingPhase for ClusterReady {}

/// So that one score runs in every phase.
pub(crate) trait InWorld: Send + Sync {
    fn world(&self) -> &Arc<World>;
}
impl<P: Reached<Host>> InWorld for Topology<P> {
    fn world(&self) -> &Arc<World> {
        &self.evidence::<Host>().world
    }
}

pub(crate) fn host(world: &Arc<World>) -> Topology<Host> {
    Topology::new("h1", Host { world: Arc::clone(world) })
}
pub(crate) fn context() -> Context {
    Context::for_site("lab".parse().unwrap())
}
pub(crate) fn results(completed: &[StepRecord]) -> Vec<String> {
    completed.iter().map(|r| format!("{}: {}", r.step, r.result)).collect()
}

type Made<To, From> = Result<To, TransitionError<From>>;

macro_rules! transition {
    ($name:ident: $from:ident -> $to:ident, flag $flag:ident, because $because:literal,
     enter |$at:ident| $enter:expr, leave |$out:ident| $leave:expr) => {
        #[derive(Clone, Debug)]
        pub(crate) struct $name;
        impl Describe for $name {
            fn name(&self) -> String {
                stringify!($name).to_owned()
            }
        }
        impl Transition<Topology<$from>> for $name {
            type To = Topology<$to>;
            async fn observe(
                &self,
                _: &Context,
                from: Topology<$from>,
            ) -> Made<Observed<Self::To, Topology<$from>>, Topology<$from>> {
                Ok(if from.world().$flag.load(SeqCst) {
                    Observed::Reached(from.map(|$at| $enter))
                } else {
                    Observed::not_yet(from, $because)
                })
            }
            async fn apply(
                &self,
                ctx: &Context,
                from: Topology<$from>,
            ) -> Made<Self::To, Topology<$from>> {
                if from.world().broken.load(SeqCst) {
                    return Err(TransitionError::refused(from, "ssh: connection refused"));
                }
                let world = Arc::clone(from.world());
                let intent = Intent::new("make", stringify!($name));
                let made = ctx.effect(intent, |_| async move {
                    world.$flag.store(true, SeqCst);
                    world.write(stringify!($name).to_owned());
                    Ok::<_, EffectError>(())
                });
                made.await.map_err(TransitionError::interrupted)?;
                Ok(from.map(|$at| $enter))
            }
            fn way_back(&self) -> WayBack {
                WayBack::Undoes
            }
            async fn revert(
                &self,
                _: &Context,
                to: Self::To,
            ) -> Made<Reverted<Topology<$from>>, Self::To> {
                to.world().$flag.store(false, SeqCst);
                Ok(Reverted::Undone(to.map(|$out| $leave)))
            }
        }
    };
}
transition!(ConfigureNetwork: Host -> NetworkReady, flag net, because "the network is down",
    enter |host| NetworkReady { host }, leave |to| to.host);
transition!(StartBootstrapNode: NetworkReady -> Bootstrapping, flag bootstrap,
    because "no bootstrap node", enter |network| Bootstrapping { network }, leave |to| to.network);
transition!(FormCluster: Bootstrapping -> ClusterReady, flag cluster, because "no api server",
    enter |from| ClusterReady { network: from.network },
    leave |to| Bootstrapping { network: to.network });

impl Lands<Topology<NetworkReady>, Topology<Bootstrapping>> for FormCluster {
    async fn landed(
        &self,
        _: &Context,
        from: Topology<NetworkReady>,
    ) -> Made<Observed<Self::To, Topology<NetworkReady>>, Topology<NetworkReady>> {
        Ok(if from.world().cluster.load(SeqCst) {
            Observed::Reached(from.map(|network| ClusterReady { network }))
        } else {
            Observed::not_yet(from, "no api server")
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct DestroyCluster;
impl Describe for DestroyCluster {
    fn name(&self) -> String {
        "DestroyCluster".to_owned()
    }
}
impl Transition<Topology<ClusterReady>> for DestroyCluster {
    type To = Topology<NetworkReady>;
    async fn observe(
        &self,
        _: &Context,
        from: Topology<ClusterReady>,
    ) -> Made<Observed<Self::To, Topology<ClusterReady>>, Topology<ClusterReady>> {
        Ok(Observed::not_yet(from, "the cluster stands"))
    }
    async fn apply(
        &self,
        _: &Context,
        from: Topology<ClusterReady>,
    ) -> Made<Self::To, Topology<ClusterReady>> {
        from.world().cluster.store(false, SeqCst);
        from.world().bootstrap.store(false, SeqCst);
        Ok(from.map(|to| to.network))
    }
}

/// Wants `name` to have `value` in the world.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) name: String,
    pub(crate) value: u32,
    pub(crate) claims: Vec<Claim>,
    pub(crate) releases: Vec<Claim>,
    pub(crate) fails: bool,
}
pub(crate) fn thing(name: &str) -> Thing {
    let (claims, releases) = (vec![Claim::object("thing", name)], vec![]);
    Thing { name: name.to_owned(), value: 1, claims, releases, fails: false }
}
impl Describe for Thing {
    fn name(&self) -> String {
        format!("thing {}", self.name)
    }
    fn claims(&self) -> Vec<Claim> {
        self.claims.clone()
    }
    fn releases(&self) -> Vec<Claim> {
        self.releases.clone()
    }
}
impl<T: InWorld> Score<T> for Thing {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "name": self.name, "value": self.value })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}
#[async_trait]
impl<T: InWorld> Interpret<T> for Thing {
    async fn validate(&self, _: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        Ok(match on.world().things.lock().unwrap().get(&self.name) {
            Some(value) if *value == self.value => ValidationReport::already_applied(),
            Some(_) => ValidationReport::will_update(),
            None => ValidationReport::will_create(),
        })
    }
    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let world = Arc::clone(on.world());
        let Self { name, value, fails, .. } = self.clone();
        if fails {
            let kind = harmony_phases::InterpretErrorKind::Failed;
            return Err(InterpretError::new(kind, format!("make {name}")));
        }
        ctx.effect(Intent::new("write", name.clone()), |_| async move {
            // Long enough for a cancellation to fall into the middle.
            tokio::task::yield_now().await;
            world.write(name.clone());
            world.things.lock().unwrap().insert(name, value);
            Ok::<_, InterpretError>(Outcome::success("written"))
        })
        .await
    }
    async fn undo(&self, _: &Context, on: &T) -> Result<Outcome, InterpretError> {
        Ok(match on.world().things.lock().unwrap().remove(&self.name) {
            Some(_) => Outcome::success("removed"),
            None => Outcome::noop("was not there"),
        })
    }
    async fn validate_undo(&self, _: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        Ok(match on.world().things.lock().unwrap().get(&self.name) {
            Some(_) => ValidationReport::will_delete(),
            None => ValidationReport::already_applied(),
        })
    }
}
