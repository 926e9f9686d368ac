//! Runs that fail, hang and are lied to: a later run completes, and nothing happens twice.
use crate::site::*;
use harmony_capabilities::fakes::{Fault, SimulatedHypervisor};
use harmony_phases::context::{EffectOutcome, EffectRecorder};
use proptest::prelude::*;
use std::{collections::HashSet, time::Duration};

/// How many effects a whole run takes.
const EFFECTS: u64 = 9;
/// More reads than a whole run takes.
const READS: u64 = 24;

/// Runs the site until a fault ends it, or for as long as nobody would wait.
async fn run(hypervisor: &SimulatedHypervisor) -> bool {
    let run = async { site().execute(&ctx(), on(hypervisor)).await.is_ok() };
    tokio::time::timeout(Duration::from_hours(1), run).await.unwrap_or(false)
}

/// A clean run completes, the next changes nothing, and nothing has ever happened twice.
async fn converges(hypervisor: &SimulatedHypervisor, story: &str) {
    hypervisor.faults().clear();
    assert!(run(hypervisor).await, "{story}: {:?}", hypervisor.happened());
    let happened = hypervisor.happened();
    let distinct: HashSet<&String> = happened.iter().collect();
    assert_eq!(distinct.len(), happened.len(), "{story}: {happened:?}");
    assert_eq!(happened.len() as u64, EFFECTS, "{story}: {happened:?}");
    assert!(!site().execute(&ctx(), on(hypervisor)).await.unwrap().changed(), "{story}");
}

#[tokio::test(start_paused = true)]
async fn every_effect_under_every_fault() {
    for fault in Fault::ALL {
        for effect in 0..EFFECTS {
            let hypervisor = hypervisor();
            hypervisor.faults().at_effect(effect, fault);
            run(&hypervisor).await;
            assert_eq!(hypervisor.faults().struck().len(), 1);
            converges(&hypervisor, &format!("{fault} at effect {effect}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_read_under_every_fault() {
    for fault in Fault::ALL {
        for read in 0..READS {
            let hypervisor = hypervisor();
            hypervisor.faults().at_read(read, fault);
            run(&hypervisor).await;
            converges(&hypervisor, &format!("{fault} at read {read}")).await;
        }
    }
}

#[tokio::test]
async fn nothing_happens_outside_an_effect() {
    let (hypervisor, recorder) = (hypervisor(), EffectRecorder::default());
    let ctx =
        harmony_phases::Context::builder("lab".parse().unwrap()).effects(recorder.clone()).build();
    assert!(site().execute(&ctx, on(&hypervisor)).await.unwrap().changed());
    let _ = site().teardown(&ctx, on(&hypervisor)).await.unwrap();
    let effects = recorder.effects();
    assert!(effects.iter().all(|it| it.outcome == Some(EffectOutcome::Done)), "{effects:?}");
    let intents: Vec<String> = effects.iter().map(|it| it.effect.intent.to_string()).collect();
    assert_eq!(intents, hypervisor.happened());
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(Fault::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_number_of_broken_runs_is_repaired_by_a_clean_one(
        effects in prop::collection::vec((0..3 * EFFECTS, any_fault()), 0..6),
        reads in prop::collection::vec((0..4 * READS, any_fault()), 0..6),
        runs in 1..5_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let hypervisor = hypervisor();
            for (at, fault) in &effects {
                hypervisor.faults().at_effect(*at, *fault);
            }
            for (at, fault) in &reads {
                hypervisor.faults().at_read(*at, *fault);
            }
            for _ in 0..runs {
                run(&hypervisor).await;
            }
            converges(&hypervisor, &format!("{effects:?}, {reads:?}, {runs} runs")).await;
        });
    }
}
