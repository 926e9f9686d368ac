use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use harmony_phases::{Context, Intent, Permit, batch::Batch};

use super::{
    commands::SimulatedProgram,
    contents::{HostContents, facts},
};
use crate::{
    fakes::{FaultPlan, Happening, Struck},
    host::{Facts, HostError, HostErrorKind, HostFacts},
};

/// A Linux host that exists in memory only and plays all roles of [`host`](crate::host); clones are the same host.
///
/// It changes only inside [`Context::effect`], under the faults of its plan, and writes down what really changed. Like a
/// real one it answers the looks of one tick in one round trip, which it counts.
///
/// # Examples
/// ```
/// use harmony_capabilities::{fakes::SimulatedHost, host::FileScore};
/// use harmony_phases::{Context, Pipeline, Score};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (host, ctx) = (SimulatedHost::new(), Context::for_site("lab".parse()?));
/// let motd = FileScore::builder().path("/etc/motd").text("welcome\n").build()?;
/// let interpret = Score::<SimulatedHost>::create_interpret(&motd);
/// assert!(interpret.execute(&ctx, &host).await?.changed());
/// assert!(!interpret.execute(&ctx, &host).await?.changed());
/// assert_eq!(host.history().len(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SimulatedHost {
    world: Arc<Mutex<World>>,
    facts: Arc<Facts>,
    faults: FaultPlan,
    trips: Arc<Trips>,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) contents: HostContents,
    pub(super) programs: BTreeMap<String, Arc<SimulatedProgram>>,
    history: Vec<Happening>,
}

/// Counts round trips: looks that are asked in one tick go together.
struct Trips {
    looks: AtomicU64,
    made: Arc<AtomicU64>,
    together: Batch<u64, (), HostError>,
}

impl SimulatedHost {
    /// A Debian host that has just been installed, where nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same host, which says something else of itself.
    #[must_use]
    pub fn with_facts(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(Arc::make_mut(&mut self.facts));
        self
    }

    /// The faults it is put under; more can be added at any time.
    pub const fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// Everything that really changed so far, in order.
    pub fn history(&self) -> Vec<Happening> {
        self.world().history.clone()
    }

    /// How many round trips its looks have taken.
    pub fn round_trips(&self) -> u64 {
        self.trips.made.load(Ordering::SeqCst)
    }

    /// What it really has.
    pub fn contents(&self) -> HostContents {
        self.world().contents.clone()
    }

    /// Changes what it has behind everybody's back; what is changed is as old as its clock says.
    pub fn meddle<R>(&self, change: impl FnOnce(&mut HostContents) -> R) -> R {
        let mut world = self.world();
        world.contents.clock += SECOND;
        change(&mut world.contents)
    }

    /// Gives it a program, beside `true`, `false`, `test -e` and `touch`.
    pub fn add_program(&self, name: impl Into<String>, program: Box<SimulatedProgram>) {
        self.world().programs.insert(name.into(), program.into());
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the host, under the faults of the plan; a lie finds nothing.
    pub(super) async fn look<R: Default>(
        &self,
        what: &str,
        look: impl Fn(&World) -> Result<R, HostError>,
    ) -> Result<R, HostError> {
        let number = self.trips.looks.fetch_add(1, Ordering::SeqCst);
        self.trips.together.ask(number).await?;
        let seen = self.faults.read(what, || look(&self.world()).map_err(Broken::Refused));
        seen.await.map_err(|broken| match broken {
            Broken::Refused(error) => error.at(PLACE),
            Broken::Struck(struck) => {
                HostError::new(HostErrorKind::Unreachable, what).at(PLACE).caused_by(struck)
            }
        })
    }

    /// Changes the host, inside an effect and under the faults of the plan.
    pub(super) async fn change<R: Default>(
        &self,
        ctx: &Context,
        intent: Intent,
        act: impl Fn(&mut World) -> Result<R, HostError>,
    ) -> Result<R, HostError> {
        let told = &intent.clone();
        let done = ctx.effect(intent, |permit| async move {
            let act = || self.world().happen(&permit, told, &act);
            self.faults.effect(&told.to_string(), act).await
        });
        done.await.map_err(|error: HostError| error.at(PLACE))
    }
}

/// What a failure names as its place.
pub(super) const PLACE: &str = "a simulated host";
const SECOND: u64 = 1_000_000;

impl World {
    /// Lets something happen and writes it down where it changed anything; what is refused has not happened.
    fn happen<R>(
        &mut self,
        _permit: &Permit,
        intent: &Intent,
        act: impl Fn(&mut Self) -> Result<R, HostError>,
    ) -> Result<R, HostError> {
        let before = self.contents.clone();
        self.contents.clock += SECOND;
        let clock = self.contents.clock;
        let result = act(self);
        if result.is_err() {
            self.contents = before;
            return result;
        }
        self.contents.clock = before.clock;
        if self.contents != before {
            self.contents.clock = clock;
            let Intent { action, object } = intent.clone();
            self.history.push(Happening { action, object });
        }
        result
    }
}

enum Broken {
    Refused(HostError),
    Struck(Struck),
}

impl From<Struck> for Broken {
    fn from(struck: Struck) -> Self {
        Self::Struck(struck)
    }
}

/// An effect that a fault cut off: whoever asked for it does not know whether it happened.
impl From<Struck> for HostError {
    fn from(struck: Struck) -> Self {
        Self::new(HostErrorKind::Unknown, "hear the answer to the end")
            .caused_by(struck)
            .remedy("run again: it looks first")
    }
}

impl HostFacts for SimulatedHost {
    fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Default for SimulatedHost {
    fn default() -> Self {
        let world = World { contents: HostContents::installed(), ..World::default() };
        Self {
            world: Arc::new(Mutex::new(world)),
            facts: Arc::new(facts()),
            faults: FaultPlan::none(),
            trips: Arc::new(Trips::default()),
        }
    }
}

impl Default for Trips {
    fn default() -> Self {
        let made = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&made);
        let together = Batch::new(move |looks: Vec<u64>| {
            count.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move { Ok(looks.into_iter().map(|look| (look, ())).collect()) })
        });
        Self { looks: AtomicU64::new(0), made, together }
    }
}

impl fmt::Debug for SimulatedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedHost").finish_non_exhaustive()
    }
}
