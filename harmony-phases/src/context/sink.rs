//! Who is told of every effect.

use std::fmt::Debug;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Intent;
use crate::StepId;

/// One effect of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectRecord {
    /// Its number in the run, from 0.
    pub index: u64,
    /// The system that the run is on.
    #[serde(default)]
    pub host: String,
    /// The step that acts.
    pub step: Option<StepId>,
    /// What it is about to do.
    pub intent: Intent,
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectOutcome {
    /// It happened.
    Done,
    /// It was tried and did not work; the text says why.
    Failed(String),
    /// It was let go of in the middle: look.
    Unknown,
}

/// A fault that a sink puts in the way of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("injected fault: {0}")]
pub struct Injected(pub String);

/// Who is told of every effect, before and after.
///
/// A journal writes it down, a recorder keeps it for a test, a fault injector refuses, hangs, or
/// kills the run at the nth effect.
#[async_trait]
pub trait EffectSink: Debug + Send + Sync {
    /// The effect is about to happen; it does not if this fails.
    ///
    /// # Errors
    /// A fault to put in its way.
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected>;

    /// The effect has happened, whatever came of it; its caller sees a failure if this fails.
    ///
    /// # Errors
    /// A fault to put in its way.
    async fn after(&self, effect: &EffectRecord, outcome: &EffectOutcome) -> Result<(), Injected>;
}

#[async_trait]
impl<S: EffectSink + ?Sized> EffectSink for std::sync::Arc<S> {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        (**self).before(effect).await
    }
    async fn after(&self, effect: &EffectRecord, outcome: &EffectOutcome) -> Result<(), Injected> {
        (**self).after(effect, outcome).await
    }
}
