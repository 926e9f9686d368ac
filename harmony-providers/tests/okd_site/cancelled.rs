//! Runs that are cancelled at every effect: the record of what was done is never lost.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use async_trait::async_trait;
use harmony_capabilities::fakes::SimulatedSite;
use harmony_phases::{
    Context, Stopped,
    context::{EffectOutcome, EffectRecord, EffectSink, Injected},
    pipeline::Cause,
};
use tokio_util::sync::CancellationToken;

use crate::support::{arrives, calls, execute, nothing_twice, pipeline};

/// Cancels the run when the `n`th effect begins, or when it has ended.
#[derive(Debug)]
struct Operator {
    left: AtomicU64,
    before: bool,
    token: CancellationToken,
}

impl Operator {
    fn count(&self) {
        if self.left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) == Ok(1) {
            self.token.cancel();
        }
    }
}

#[async_trait]
impl EffectSink for Operator {
    async fn before(&self, _: &EffectRecord) -> Result<(), Injected> {
        if self.before {
            self.count();
        }
        Ok(())
    }
    async fn after(&self, _: &EffectRecord, _: &EffectOutcome) -> Result<(), Injected> {
        if !self.before {
            self.count();
        }
        Ok(())
    }
}

fn cancelling(n: u64, before: bool) -> Context {
    let token = CancellationToken::new();
    let operator = Operator { left: AtomicU64::new(n + 1), before, token: token.clone() };
    Context::builder("lab".parse().unwrap()).effects(operator).cancellation(token).build()
}

/// Everything that happened is on record: in a step that is done, or among the effects of the one that is not.
fn is_on_record(site: &SimulatedSite, stopped: &Stopped) {
    let steps: usize = stopped
        .completed
        .iter()
        .filter(|record| record.changed())
        // Two machines on besides the first, and that one removed: a transition of four effects.
        .map(|record| if record.step.as_str().starts_with("start `bootstrap`") { 4 } else { 1 })
        .sum();
    let effects = stopped
        .effects
        .iter()
        .filter(|(_, outcome)| matches!(outcome, EffectOutcome::Done))
        .count();
    assert_eq!(steps + effects, site.history().len(), "{stopped:?}\n{:?}", site.history());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_keeps_its_record_and_is_gone_on_with() {
    let (effects, _) = calls().await;
    for (n, before) in (0..effects).flat_map(|n| [(n, true), (n, false)]) {
        let (site, pipeline) = (SimulatedSite::new(), pipeline());
        let ctx = cancelling(n, before);
        match execute(&pipeline, &ctx, &site).await.expect("a cancelled run ends") {
            Err(stopped) => {
                assert!(matches!(stopped.cause, Cause::Cancelled), "effect {n}: {stopped:?}");
                is_on_record(&site, &stopped);
            }
            Ok(finished) => {
                assert_eq!(n, effects - 1, "only after the last effect there is nothing to stop");
                drop(finished);
            }
        }
        arrives(&pipeline, &site).await;
        nothing_twice(&site);
    }
    let cuts = effects * 2;
    println!("torture: OKD site, cancelled | {cuts} cuts | all on record, all gone on with");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cancelled_before_it_begins_touches_nothing() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    let ctx = cancelling(0, true);
    ctx.cancel();
    let stopped = execute(&pipeline, &ctx, &site).await.unwrap().unwrap_err();
    assert!(matches!(stopped.cause, Cause::Cancelled), "{stopped:?}");
    assert_eq!(site.history(), []);
}
