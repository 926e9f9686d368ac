//! One side effect of a provider.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Context, EffectOutcome, EffectRecord, Injected, StepState};
use crate::event::EventKind;

/// What an effect is about to do, said before it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The verb, with its kind of object, e.g. `define domain`.
    pub action: String,
    /// The object, e.g. `web`.
    pub object: String,
}

impl Intent {
    /// Is about to do `action` to `object`.
    pub fn new(action: impl Into<String>, object: impl Into<String>) -> Self {
        Self { action: action.into(), object: object.into() }
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.action, self.object)
    }
}

/// The proof that code runs inside [`Context::effect`]: a provider's mutating calls ask for it.
#[derive(Debug)]
pub struct Permit(());

/// Why an effect was not begun, or not believed.
#[derive(Debug, Error)]
#[error("{intent}: {}", if .injected.is_some() { "stopped by a fault" } else { "not begun, because the run was cancelled" })]
pub struct EffectError {
    intent: Intent,
    #[source]
    injected: Option<Injected>,
}

impl EffectError {
    /// Whether the run was cancelled before the effect began.
    pub const fn is_cancelled(&self) -> bool {
        self.injected.is_none()
    }

    /// What was about to be done.
    pub const fn intent(&self) -> &Intent {
        &self.intent
    }
}

pub(super) async fn perform<T, E, F, Fut>(ctx: &Context, intent: Intent, act: F) -> Result<T, E>
where
    F: FnOnce(Permit) -> Fut,
    Fut: Future<Output = Result<T, E>>,
    E: From<EffectError> + fmt::Display,
{
    if ctx.is_cancelled() {
        return Err(EffectError { intent, injected: None }.into());
    }
    let index = ctx.run_state().next_effect();
    let (host, step) = (ctx.run_state().host().to_owned(), ctx.step().cloned());
    let effect = EffectRecord { index, host, step, intent };
    let fault = |injected| EffectError { intent: effect.intent.clone(), injected: Some(injected) };
    ctx.sink().before(&effect).await.map_err(fault)?;
    let mut under_way = UnderWay::begin(ctx, &effect);
    let result = act(Permit(())).await;
    let outcome = match &result {
        Ok(_) => EffectOutcome::Done,
        Err(error) => EffectOutcome::Failed(error.to_string()),
    };
    under_way.outcome = outcome.clone();
    drop(under_way);
    ctx.sink().after(&effect, &outcome).await.map_err(fault)?;
    result
}

/// An effect between its intent and its outcome; dropped in the middle, the outcome is unknown.
struct UnderWay<'a> {
    ctx: &'a Context,
    effect: &'a EffectRecord,
    step: Option<Arc<StepState>>,
    outcome: EffectOutcome,
}

impl<'a> UnderWay<'a> {
    fn begin(ctx: &'a Context, effect: &'a EffectRecord) -> Self {
        let step = ctx.step_state().cloned();
        if let Some(step) = &step {
            step.enter_effect();
        }
        log::debug!("{}", effect.intent);
        ctx.emit(|| EventKind::EffectBegun { effect: effect.clone() });
        Self { ctx, effect, step, outcome: EffectOutcome::Unknown }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let (index, outcome) = (self.effect.index, self.outcome.clone());
        self.ctx.emit(|| EventKind::EffectEnded { effect: index, outcome });
        if let Some(step) = &self.step {
            step.leave_effect(self.effect.clone(), self.outcome.clone());
        }
    }
}
