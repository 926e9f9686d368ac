//! A sink that does something at one effect of a run.

use std::fmt;

use async_trait::async_trait;
use harmony_phases::context::{EffectOutcome, EffectRecord, EffectRecorder, EffectSink, Injected};

/// When a sink strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before the effect begins.
    Before,
    /// When the effect has happened.
    After,
}

/// Records every effect, and does something before or after the one with a number.
pub(super) struct Strike<F> {
    at: u64,
    moment: Moment,
    act: F,
    seen: EffectRecorder,
}

impl<F: Fn(&EffectRecord) -> Result<(), Injected> + Send + Sync> Strike<F> {
    /// Does `act` at effect number `at`, counted from 0; the recorder sees what happened.
    pub(super) fn new(at: u64, moment: Moment, act: F) -> (Self, EffectRecorder) {
        let seen = EffectRecorder::default();
        (Self { at, moment, act, seen: seen.clone() }, seen)
    }

    fn strike(&self, effect: &EffectRecord, moment: Moment) -> Result<(), Injected> {
        if effect.index == self.at && self.moment == moment {
            return tokio::task::block_in_place(|| (self.act)(effect));
        }
        Ok(())
    }
}

impl<F> fmt::Debug for Strike<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Strike({:?} effect {})", self.moment, self.at)
    }
}

#[async_trait]
impl<F: Fn(&EffectRecord) -> Result<(), Injected> + Send + Sync> EffectSink for Strike<F> {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        self.strike(effect, Moment::Before)?;
        self.seen.before(effect).await
    }

    async fn after(&self, effect: &EffectRecord, outcome: &EffectOutcome) -> Result<(), Injected> {
        self.seen.after(effect, outcome).await?;
        self.strike(effect, Moment::After)
    }
}

/// What a recorder has seen happen, as sentences.
pub(super) fn happened(recorder: &EffectRecorder) -> Vec<String> {
    let effects = recorder.effects().into_iter();
    let done = effects.filter(|it| it.outcome == Some(EffectOutcome::Done));
    done.map(|it| it.effect.intent.to_string()).collect()
}

/// What was done in a first run and again in a second one.
///
/// Making a pool's folder is left out: libvirt does not say whether a stopped pool has one, and
/// one that is there already stays as it is.
pub(super) fn done_twice<'a>(first: &[String], second: &'a [String]) -> Vec<&'a String> {
    let again = second.iter().filter(|it| first.contains(it));
    again.filter(|it| !it.starts_with("build pool")).collect()
}
