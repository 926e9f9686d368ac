//! Making a context.

use std::sync::Arc;

use harmony_types::SiteName;
use tokio_util::sync::CancellationToken;

use super::{Context, EffectRecorder, EffectSink, lent::Shared};
use crate::{event::EventBus, inventory::Inventory, secret::SecretSource};

/// Makes a [`Context`]; everything but the site has a default.
#[derive(Debug)]
#[must_use]
pub struct ContextBuilder {
    shared: Shared,
}

impl ContextBuilder {
    pub(super) fn new(site: SiteName) -> Self {
        let shared = Shared {
            site,
            inventory: Inventory::default(),
            secrets: Vec::new(),
            cancel: CancellationToken::new(),
            events: EventBus::default(),
            sink: Arc::new(EffectRecorder::default()),
            side_by_side: 16,
            prune: false,
        };
        Self { shared }
    }

    /// The hosts, addresses and labels the steps may use.
    pub fn inventory(mut self, inventory: Inventory) -> Self {
        self.shared.inventory = inventory;
        self
    }

    /// Another source of secrets; the first that answers for a reference is used.
    pub fn secret_source(mut self, source: impl SecretSource + 'static) -> Self {
        self.shared.secrets.push(Arc::new(source));
        self
    }

    /// Who records intents and outcomes, and may inject faults; default: kept in memory.
    pub fn effects(mut self, sink: impl EffectSink + 'static) -> Self {
        self.shared.sink = Arc::new(sink);
        self
    }

    /// Where events go; default: nowhere until somebody subscribes.
    pub fn events(mut self, events: EventBus) -> Self {
        self.shared.events = events;
        self
    }

    /// What ends the run early; default: a token of its own.
    pub fn cancellation(mut self, token: CancellationToken) -> Self {
        self.shared.cancel = token;
        self
    }

    /// How many independent scores run side by side, at least 1; default: 16.
    pub fn side_by_side(mut self, scores: usize) -> Self {
        self.shared.side_by_side = scores.max(1);
        self
    }

    /// Whether orphans are removed instead of listed; default: listed.
    pub fn prune(mut self, prune: bool) -> Self {
        self.shared.prune = prune;
        self
    }

    /// The context.
    pub fn build(self) -> Context {
        Context::from_shared(Arc::new(self.shared))
    }
}
