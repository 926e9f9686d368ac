//! A sink that sees what passes a wire during each effect, and cuts in the middle of one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use e2e::host::{Cut, Wire};
use harmony_phases::context::{EffectOutcome, EffectRecord, EffectSink, Injected};

/// A cut after so many bytes of an effect.
#[derive(Clone, Copy, Debug)]
pub(super) struct InEffect {
    /// Its number, from 0.
    pub(super) number: u64,
    /// The bytes that pass before the cut.
    pub(super) bytes: u64,
    /// How it is cut.
    pub(super) how: Cut,
}

/// What was seen of one effect.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Its number, from 0.
    pub(super) number: u64,
    /// What it was to do.
    pub(super) what: String,
    /// How many bytes had passed when it began.
    pub(super) from: u64,
    /// How many bytes had passed when it had ended.
    pub(super) to: u64,
    /// Whether the connection was cut meanwhile.
    pub(super) cut: bool,
    cuts: usize,
}

impl Span {
    /// How many bytes it took.
    pub(super) fn bytes(&self) -> u64 {
        self.to - self.from
    }
}

/// The sink. Clones share what they see.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    wire: Arc<Wire>,
    cut: Option<InEffect>,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Watch {
    pub(super) fn of(wire: &Arc<Wire>) -> Self {
        Self { wire: Arc::clone(wire), cut: None, spans: Arc::default() }
    }

    pub(super) fn cutting(wire: &Arc<Wire>, cut: InEffect) -> Self {
        Self { cut: Some(cut), ..Self::of(wire) }
    }

    /// Every effect so far, in order.
    pub(super) fn spans(&self) -> Vec<Span> {
        self.held().clone()
    }

    /// The effect in the middle of which the connection was cut.
    pub(super) fn struck(&self) -> Option<Span> {
        self.held().iter().find(|span| span.cut).cloned()
    }

    fn held(&self) -> MutexGuard<'_, Vec<Span>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl EffectSink for Watch {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        let (from, cuts) = (self.wire.passed(), self.wire.cuts());
        let what = effect.intent.to_string();
        self.held().push(Span { number: effect.index, what, from, to: from, cut: false, cuts });
        match self.cut.filter(|cut| cut.number == effect.index) {
            Some(cut) => {
                let armed = self.wire.cut_after(cut.bytes, cut.how);
                armed.map_err(|error| Injected(error.to_string()))
            }
            None => Ok(()),
        }
    }

    async fn after(&self, effect: &EffectRecord, _: &EffectOutcome) -> Result<(), Injected> {
        let (to, cuts) = (self.wire.passed(), self.wire.cuts());
        if let Some(span) = self.held().iter_mut().find(|span| span.number == effect.index) {
            (span.to, span.cut) = (to, cuts > span.cuts);
        }
        Ok(())
    }
}
