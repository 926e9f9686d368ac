//! The sink that keeps effects in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{EffectOutcome, EffectRecord, EffectSink, Injected};
use crate::sync::lock;

/// Keeps every effect in memory; clones share what they keep.
#[derive(Clone, Debug, Default)]
pub struct EffectRecorder {
    effects: Arc<Mutex<Vec<RecordedEffect>>>,
}

/// One effect that a recorder has kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEffect {
    /// The effect.
    pub effect: EffectRecord,
    /// What came of it; `None` while it is under way.
    pub outcome: Option<EffectOutcome>,
}

impl EffectRecorder {
    /// What was kept so far, in order.
    pub fn effects(&self) -> Vec<RecordedEffect> {
        lock(&self.effects).clone()
    }

    /// How many effects were begun so far.
    pub fn count(&self) -> usize {
        lock(&self.effects).len()
    }
}

#[async_trait]
impl EffectSink for EffectRecorder {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        lock(&self.effects).push(RecordedEffect { effect: effect.clone(), outcome: None });
        Ok(())
    }

    async fn after(&self, effect: &EffectRecord, outcome: &EffectOutcome) -> Result<(), Injected> {
        let mut effects = lock(&self.effects);
        if let Some(kept) = effects.iter_mut().rev().find(|kept| kept.effect == *effect) {
            kept.outcome = Some(outcome.clone());
        }
        Ok(())
    }
}
