//! Cancelling between steps, inside them, and in the middle of an effect.

use std::sync::Arc;

use async_trait::async_trait;
use harmony_phases::{
    Context, Describe, Intent, Interpret, InterpretError, Outcome, Pipeline, Score, Topology,
    context::{EffectOutcome, EffectRecord, EffectSink, Injected, Look, Waiting},
    pipeline::Cause,
};

use crate::execute::site;
use crate::world::{Host, InWorld, World, context, host, results, thing};

/// Cancels the run around its nth effect.
#[derive(Debug)]
struct CancelAround {
    nth: u64,
    after: bool,
    token: tokio_util::sync::CancellationToken,
}
#[async_trait]
impl EffectSink for CancelAround {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        if effect.index == self.nth && !self.after {
            self.token.cancel();
        }
        Ok(())
    }
    async fn after(&self, effect: &EffectRecord, _: &EffectOutcome) -> Result<(), Injected> {
        if effect.index == self.nth && self.after {
            self.token.cancel();
        }
        Ok(())
    }
}
fn cancelling(nth: u64, after: bool) -> Context {
    let token = tokio_util::sync::CancellationToken::new();
    let sink = CancelAround { nth, after, token: token.clone() };
    Context::builder("lab".parse().unwrap()).effects(sink).cancellation(token).build()
}
fn three() -> Pipeline<Topology<Host>, Topology<Host>> {
    Pipeline::start().run(thing("a")).run(thing("b")).run(thing("c"))
}

#[tokio::test]
async fn an_effect_that_began_is_finished_and_on_record() {
    for after in [false, true] {
        let world = World::new();
        let stopped = three().execute(&cancelling(1, after), host(&world)).await.unwrap_err();
        assert!(matches!(stopped.cause, Cause::Cancelled), "{stopped:?}");
        assert_eq!(stopped.at.as_str(), "thing c");
        assert_eq!(results(&stopped.completed), ["thing a: done", "thing b: done"]);
        assert_eq!(world.names(), ["a", "b"]);
        let end = three().execute(&context(), host(&world)).await.unwrap();
        assert_eq!(end.completed.iter().filter(|record| record.changed()).count(), 1);
    }
}

#[tokio::test]
async fn an_effect_inside_a_transient_phase_is_finished_too() {
    let world = World::new();
    // 0: ConfigureNetwork, 1: a, 2: b, 3: StartBootstrapNode, 4: pxe, inside
    let stopped = site().execute(&cancelling(4, false), host(&world)).await.unwrap_err();
    assert!(matches!(stopped.cause, Cause::Cancelled), "{stopped:?}");
    assert_eq!(world.names(), ["a", "b", "pxe"]);
    assert_eq!(stopped.completed.last().unwrap().step.as_str(), "thing pxe");
}

/// Writes once, then goes on to `then`.
#[derive(Clone, Debug)]
struct Slow(Then);
#[derive(Clone, Copy, Debug)]
enum Then {
    Hang,
    Wait,
}
impl Describe for Slow {
    fn name(&self) -> String {
        "slow".to_owned()
    }
}
impl<T: InWorld> Score<T> for Slow {
    fn to_value(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}
#[async_trait]
impl<T: InWorld> Interpret<T> for Slow {
    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let world = Arc::clone(on.world());
        ctx.effect(Intent::new("write", "half"), |_| async move {
            world.things.lock().unwrap().insert("half".to_owned(), 1);
            Ok::<_, InterpretError>(())
        })
        .await?;
        match self.0 {
            Then::Hang => std::future::pending().await,
            Then::Wait => {
                let never = || async { Ok(Look::<()>::NotYet("nothing".to_owned())) };
                let waited =
                    ctx.wait::<(), InterpretError, _, _>(Waiting::until("a miracle"), never);
                waited.await?;
            }
        }
        Ok(Outcome::success("never"))
    }
}

#[tokio::test]
async fn inside_a_step_what_it_had_done_is_on_record() {
    for then in [Then::Hang, Then::Wait] {
        let world = World::new();
        let pipeline = Pipeline::<Topology<Host>, _>::start().run(thing("a")).run(Slow(then));
        let ctx = cancelling(1, true);
        let stopped = pipeline.execute(&ctx, host(&world)).await.unwrap_err();
        assert!(matches!(stopped.cause, Cause::Cancelled), "{then:?}: {stopped:?}");
        assert_eq!(stopped.at.as_str(), "slow");
        assert_eq!(results(&stopped.completed), ["thing a: done"]);
        let done: Vec<_> =
            stopped.effects.iter().map(|(e, o)| (e.intent.to_string(), o.clone())).collect();
        assert_eq!(done, [("write `half`".to_owned(), EffectOutcome::Done)]);
    }
}
