//! What one run, and one step of it, keep while they go on.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::watch;
use uuid::Uuid;

use super::{EffectOutcome, EffectRecord};
use crate::{
    StepId, StepInfo,
    claim::{Claims, SiteClaims, SiteConflict},
    event::{Event, EventBus, EventKind},
    pipeline::StepRecord,
    sync::lock,
};

/// One run: on one system, or over all systems of a fleet.
#[derive(Debug)]
pub(crate) struct Run {
    id: Uuid,
    host: String,
    fleet: Option<Arc<FleetRun>>,
    next_event: Mutex<u64>,
    next_effect: AtomicU64,
    records: Mutex<Vec<StepRecord>>,
    scope: Mutex<Scope>,
}

/// What the runs over a fleet's systems share.
#[derive(Debug)]
pub(crate) struct FleetRun {
    id: Uuid,
    claims: Mutex<SiteClaims>,
}

/// What the run knows of its whole pipeline.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Who claims what, late-bound scores included once they are bound.
    pub(crate) claims: Claims,
    /// How many late-bound scores are not bound yet.
    pub(crate) unbound: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self::on(String::new(), None)
    }
}

impl Run {
    /// A run on `host`, as part of `fleet` where there is one.
    pub(super) fn on(host: String, fleet: Option<Arc<FleetRun>>) -> Self {
        Self::new(Uuid::now_v7(), host, fleet)
    }

    /// A run over the systems of a fleet; its own events are about all of them.
    pub(super) fn over(site: String) -> Self {
        let id = Uuid::now_v7();
        Self::new(id, site, Some(Arc::new(FleetRun { id, claims: Mutex::default() })))
    }

    fn new(id: Uuid, host: String, fleet: Option<Arc<FleetRun>>) -> Self {
        Self {
            id,
            host,
            fleet,
            next_event: Mutex::default(),
            next_effect: AtomicU64::new(0),
            records: Mutex::default(),
            scope: Mutex::default(),
        }
    }

    pub(super) const fn id(&self) -> Uuid {
        self.id
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn fleet(&self) -> Option<&Arc<FleetRun>> {
        self.fleet.as_ref()
    }

    /// Claims for a step of `host` what is one across the systems of the fleet.
    pub(crate) fn claim_across(&self, host: &str, step: &StepInfo) -> Result<(), SiteConflict> {
        self.fleet.as_ref().map_or(Ok(()), |fleet| lock(&fleet.claims).add(host, step))
    }

    pub(super) fn next_effect(&self) -> u64 {
        self.next_effect.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn emit(&self, bus: &EventBus, kind: impl FnOnce() -> EventKind) {
        if !bus.is_followed() {
            return;
        }
        // Numbered and sent under one lock, so that indexes arrive in order.
        let mut next = lock(&self.next_event);
        let within = self.fleet.as_ref().map(|fleet| fleet.id).filter(|fleet| *fleet != self.id);
        bus.send(Event::now(*next, self.id, within, &self.host, kind()));
        *next += 1;
    }

    pub(crate) fn record(&self, record: StepRecord) {
        lock(&self.records).push(record);
    }

    /// The steps that are on record already.
    pub(crate) fn recorded(&self) -> HashSet<StepId> {
        lock(&self.records).iter().map(|record| record.step.clone()).collect()
    }

    pub(crate) fn take_records(&self) -> Vec<StepRecord> {
        std::mem::take(&mut lock(&self.records))
    }

    pub(crate) fn scope<R>(&self, use_it: impl FnOnce(&mut Scope) -> R) -> R {
        use_it(&mut lock(&self.scope))
    }
}

/// One step of a run.
#[derive(Debug)]
pub(crate) struct StepState {
    pub(super) id: StepId,
    /// The step this one happens inside of: an effect in here is one in there.
    within: Option<Arc<Self>>,
    under_way: watch::Sender<usize>,
    effects: Mutex<Vec<(EffectRecord, EffectOutcome)>>,
}

impl StepState {
    pub(super) fn new(id: StepId, within: Option<Arc<Self>>) -> Self {
        Self { id, within, under_way: watch::Sender::new(0), effects: Mutex::default() }
    }

    pub(super) fn enter_effect(&self) {
        self.count(|under_way| *under_way += 1);
    }

    pub(super) fn leave_effect(&self, effect: EffectRecord, outcome: EffectOutcome) {
        lock(&self.effects).push((effect, outcome));
        self.count(|under_way| *under_way -= 1);
    }

    fn count(&self, change: fn(&mut usize)) {
        self.under_way.send_modify(change);
        if let Some(outer) = &self.within {
            outer.count(change);
        }
    }

    /// Waits until no effect of the step is under way.
    pub(super) async fn outside_effects(&self) {
        // The sender lives as long as `self`, so the channel cannot close.
        let _ = self.under_way.subscribe().wait_for(|n| *n == 0).await;
    }

    /// What the step has done so far.
    pub(crate) fn take_effects(&self) -> Vec<(EffectRecord, EffectOutcome)> {
        std::mem::take(&mut lock(&self.effects))
    }
}
