use super::{
    thing::{Kind, Thing},
    world::{Image, World},
};
use crate::{
    fakes::{FaultPlan, Struck},
    virtualization::{ImageLocation, VirtualizationError, VirtualizationErrorKind, VolumeRef},
};
use harmony_phases::{Context, Intent, Permit};
use harmony_types::{ByteSize, ObjectName, Sha256Digest};
use serde_json::Value;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A hypervisor in memory that plays [`VirtualNetworks`](crate::virtualization::VirtualNetworks),
/// [`StoragePools`](crate::virtualization::StoragePools) and
/// [`Hypervisor`](crate::virtualization::Hypervisor).
///
/// Like a real one it does everything in small steps (define, then start), any of which its
/// [`FaultPlan`] can make fail, and refuses what a real one refuses: to define what exists, to
/// start what runs, to start a machine whose disk is missing. Clones are the same hypervisor.
///
/// # Examples
/// ```
/// use harmony_capabilities::{fakes::SimulatedHypervisor, virtualization::{NetworkSpec, VirtualNetworkScore}};
/// use harmony_phases::{Context, Interpret};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hypervisor = SimulatedHypervisor::new();
/// let score = VirtualNetworkScore::new(NetworkSpec::builder().name("lan").build()?);
/// let ctx = Context::for_site("lab".parse()?);
/// assert!(score.execute(&ctx, &hypervisor).await?.changed());
/// assert!(!score.execute(&ctx, &hypervisor).await?.changed());
/// assert_eq!(hypervisor.happened(), ["define network `lan`", "start network `lan`"]);
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct SimulatedHypervisor {
    world: Arc<Mutex<World>>,
    faults: FaultPlan,
}

impl SimulatedHypervisor {
    /// A host on which nothing was ever made, and nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts these faults in the way of its calls.
    #[must_use]
    pub fn with_faults(mut self, faults: FaultPlan) -> Self {
        self.faults = faults;
        self
    }

    /// Returns the faults in the way of its calls; more can be added at any time.
    pub fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// Lists what really happened, in order, whatever the callers were told.
    pub fn happened(&self) -> Vec<String> {
        self.world().happened.clone()
    }

    /// Makes an image available at a location, with a size and the checksum of its bytes.
    pub fn provide_image(&self, location: ImageLocation, size: ByteSize, digest: Sha256Digest) {
        self.world().images.insert(location.to_string(), Image { size, digest });
    }

    /// Defines a network that somebody else made, and starts it.
    pub fn add_foreign_network(&self, name: &ObjectName) {
        self.add_foreign(Kind::Network, name);
    }

    /// Defines a pool that somebody else made, and starts it.
    pub fn add_foreign_pool(&self, name: &ObjectName) {
        self.add_foreign(Kind::Pool, name);
    }

    /// Defines a machine that somebody else made, and starts it.
    pub fn add_foreign_machine(&self, name: &ObjectName) {
        self.add_foreign(Kind::Machine, name);
    }

    /// Changes a field of a machine's definition behind its maker's back, as it is spelled in a
    /// serialised spec.
    pub fn change_machine(&self, name: &ObjectName, field: &str, value: impl Into<Value>) {
        self.change(Kind::Machine, name, field, value.into());
    }

    /// Changes a field of a network's definition behind its maker's back, as it is spelled in a
    /// serialised spec.
    pub fn change_network(&self, name: &ObjectName, field: &str, value: impl Into<Value>) {
        self.change(Kind::Network, name, field, value.into());
    }

    /// Deletes a volume behind its maker's back.
    pub fn lose_volume(&self, volume: &VolumeRef) {
        self.world().volumes.remove(volume);
    }

    /// Makes the guest of a machine deaf to the request to shut down.
    pub fn deafen(&self, name: &ObjectName) {
        self.world().deaf.insert(name.clone());
    }

    /// Writes a line to the serial line of a machine, as its guest would.
    pub fn say_on_serial(&self, name: &ObjectName, line: &str) {
        self.world().serial.entry(name.clone()).or_default().push(line.to_owned());
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the world, unless a fault is in the way.
    pub(super) async fn look<R: Default>(
        &self,
        what: &str,
        mut look: impl FnMut(&World) -> R,
    ) -> Result<R, VirtualizationError> {
        let seen = self.faults.read(what, || Ok::<_, Struck>(look(&self.world()))).await;
        seen.map_err(|struck| failed(VirtualizationErrorKind::Unreachable, what, struck))
    }

    /// Changes the world by one step, unless a fault is in the way.
    pub(super) async fn step(
        &self,
        ctx: &Context,
        action: &str,
        object: &str,
        act: impl FnMut(&mut World) -> Result<(), VirtualizationError> + Send,
    ) -> Result<(), VirtualizationError> {
        let intent = Intent::new(action, object);
        let what = intent.to_string();
        ctx.effect(intent, |permit| self.act(permit, what, act)).await
    }

    async fn act(
        &self,
        permit: Permit,
        what: String,
        mut act: impl FnMut(&mut World) -> Result<(), VirtualizationError>,
    ) -> Result<(), VirtualizationError> {
        self.faults.effect(&what, || self.world().happen(&permit, &what, &mut act)).await
    }

    fn add_foreign(&self, kind: Kind, name: &ObjectName) {
        let mut foreign = Thing::foreign(name);
        foreign.active = true;
        self.world().things.insert((kind, name.clone()), foreign);
    }

    fn change(&self, kind: Kind, name: &ObjectName, field: &str, value: Value) {
        if let Some(thing) = self.world().things.get_mut(&(kind, name.clone())) {
            thing.fields.insert(field.to_owned(), value);
        }
    }
}

/// An effect that a fault cut off: whoever asked for it does not know whether it happened.
impl From<Struck> for VirtualizationError {
    fn from(struck: Struck) -> Self {
        failed(VirtualizationErrorKind::Unknown, "change the simulated hypervisor", struck)
    }
}

fn failed(kind: VirtualizationErrorKind, what: &str, struck: Struck) -> VirtualizationError {
    VirtualizationError::new(kind, what)
        .at("a simulated hypervisor")
        .caused_by(struck)
        .remedy("run it again")
}

impl fmt::Debug for SimulatedHypervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedHypervisor").finish_non_exhaustive()
    }
}
