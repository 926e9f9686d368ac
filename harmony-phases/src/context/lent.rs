//! The context itself.

use std::{fmt, sync::Arc};

use harmony_types::SiteName;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    ContextBuilder, EffectError, EffectSink, Intent, Permit, Run, StepState, Unit,
    effect::perform,
    wait::{Look, WaitError, Waiting, wait},
};
use crate::{
    Secret, SecretRef, StepId,
    event::{EventBus, EventKind},
    inventory::Inventory,
    ownership::Mark,
    secret::{SecretError, SecretSource},
};

/// What a run lends to its steps.
///
/// Cheap to clone. Every side effect of every provider goes through [`Context::effect`].
///
/// ```
/// use harmony_phases::Context;
/// let ctx = Context::for_site("lab".parse()?);
/// assert_eq!(ctx.site().as_str(), "lab");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    run: Arc<Run>,
    step: Option<Arc<StepState>>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) site: SiteName,
    pub(super) inventory: Inventory,
    pub(super) secrets: Vec<Arc<dyn SecretSource>>,
    pub(super) cancel: CancellationToken,
    pub(super) events: EventBus,
    pub(super) sink: Arc<dyn EffectSink>,
    pub(super) side_by_side: usize,
    pub(super) prune: bool,
}

impl Context {
    /// A context with defaults: no inventory, no secrets, effects kept in memory.
    pub fn for_site(site: SiteName) -> Self {
        Self::builder(site).build()
    }

    /// Makes a context for the site whose mark its objects will carry.
    pub fn builder(site: SiteName) -> ContextBuilder {
        ContextBuilder::new(site)
    }

    pub(super) fn from_shared(shared: Arc<Shared>) -> Self {
        Self { shared, run: Arc::default(), step: None }
    }

    /// The same context for a new run on the system called `host`.
    pub(crate) fn for_run(&self, host: String) -> Self {
        let run = Arc::new(Run::on(host, self.run.fleet().cloned()));
        Self { shared: Arc::clone(&self.shared), run, step: None }
    }

    /// The same context for runs over several systems.
    pub(crate) fn for_fleet(&self) -> Self {
        let run = Arc::new(Run::over(self.site().to_string()));
        Self { shared: Arc::clone(&self.shared), run, step: None }
    }

    /// The same context for one step of the run.
    pub(crate) fn for_step(&self, id: &StepId) -> Self {
        let step = Some(Arc::new(StepState::new(id.clone(), self.step.clone())));
        Self { shared: Arc::clone(&self.shared), run: Arc::clone(&self.run), step }
    }

    /// The site whose mark everything created here carries.
    pub fn site(&self) -> &SiteName {
        &self.shared.site
    }

    /// The hosts, addresses and labels of the site.
    pub fn inventory(&self) -> &Inventory {
        &self.shared.inventory
    }

    /// What tells this run from every other one.
    pub fn run_id(&self) -> Uuid {
        self.run.id()
    }

    /// The step that is running, where there is one.
    pub fn step(&self) -> Option<&StepId> {
        self.step.as_ref().map(|step| &step.id)
    }

    /// The mark for what the running step creates.
    pub fn mark(&self) -> Mark {
        Mark::new(self.site().clone(), self.step().map_or("", StepId::as_str))
    }

    /// Whether orphans are to be removed rather than listed.
    pub fn prunes(&self) -> bool {
        self.shared.prune
    }

    /// How many independent scores may run side by side.
    pub fn side_by_side(&self) -> usize {
        self.shared.side_by_side
    }

    /// Where this context's events can be followed.
    pub fn events(&self) -> &EventBus {
        &self.shared.events
    }

    /// What ends the run early, for whoever listens to the operator.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.shared.cancel
    }

    /// Asks the run to stop: no further effect begins, one under way is finished and recorded.
    pub fn cancel(&self) {
        self.shared.cancel.cancel();
    }

    /// Whether somebody asked the run to stop.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancel.is_cancelled()
    }

    /// Waits until somebody asks the run to stop.
    pub async fn cancelled(&self) {
        self.shared.cancel.cancelled().await;
    }

    /// Says how far the running step has come.
    pub fn progress(&self, done: u64, total: Option<u64>, unit: Unit) {
        self.emit_for_step(|step| EventKind::Progress { step, done, total, unit });
    }

    /// Says something to the operator about the running step.
    pub fn note(&self, text: impl Into<String>) {
        let text = text.into();
        self.emit_for_step(|step| EventKind::Note { step, text });
    }

    /// Resolves a reference to the secret it names.
    ///
    /// # Errors
    /// No source knows it, or the one that does could not be read.
    pub async fn secret(&self, reference: &SecretRef) -> Result<Secret<String>, SecretError> {
        for source in &self.shared.secrets {
            if let Some(secret) = source.resolve(reference).await? {
                return Ok(secret);
            }
        }
        Err(SecretError::unknown(reference.clone()))
    }

    /// Performs one side effect: records the intent, acts, records what came of it.
    ///
    /// Only here can a [`Permit`] be had, and a provider's lowest mutating calls ask for one: so
    /// it cannot act outside. Once the run is cancelled no effect begins; one that has begun is
    /// finished, so that its outcome is never lost.
    ///
    /// # Errors
    /// The effect's own error, or an [`EffectError`] when it was not begun.
    pub async fn effect<T, E, F, Fut>(&self, intent: Intent, act: F) -> Result<T, E>
    where
        F: FnOnce(Permit) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<EffectError> + fmt::Display,
    {
        perform(self, intent, act).await
    }

    /// Waits for a condition by looking again and again, and tells the operator what was seen.
    ///
    /// # Errors
    /// The look's own error, or a [`WaitError`] when the run was cancelled or the deadline came.
    pub async fn wait<T, E, F, Fut>(&self, waiting: Waiting, look: F) -> Result<T, E>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Look<T>, E>>,
        E: From<WaitError>,
    {
        wait(self, waiting, look).await
    }

    pub(crate) fn emit(&self, kind: impl FnOnce() -> EventKind) {
        self.run.emit(&self.shared.events, kind);
    }

    pub(crate) fn emit_for_step(&self, kind: impl FnOnce(StepId) -> EventKind) {
        if let Some(step) = self.step() {
            self.emit(|| kind(step.clone()));
        }
    }

    pub(crate) fn run_state(&self) -> &Run {
        &self.run
    }

    pub(crate) fn step_state(&self) -> Option<&Arc<StepState>> {
        self.step.as_ref()
    }

    pub(super) fn sink(&self) -> &dyn EffectSink {
        &*self.shared.sink
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("site", &self.shared.site)
            .field("step", &self.step())
            .finish_non_exhaustive()
    }
}
