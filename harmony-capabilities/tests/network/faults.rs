//! Every score: run twice, cut off at every call, undone twice.

use std::time::Duration;

use harmony_capabilities::fakes::{Fault, SimulatedSite};
use harmony_phases::{
    Context, InterpretError, InterpretErrorKind, Outcome, OutcomeStatus, Score, Status,
};

use crate::scene::{cluster, config, ctx, gateway, of_the_gateway};

/// One way of using a score, given up where it hangs.
async fn execute<T: Sync>(
    score: &dyn Score<T>,
    ctx: &Context,
    on: &T,
) -> Option<Result<Outcome, InterpretError>> {
    let interpret = score.create_interpret();
    tokio::time::timeout(Duration::from_mins(1), interpret.execute(ctx, on)).await.ok()
}

async fn undo<T: Sync>(
    score: &dyn Score<T>,
    ctx: &Context,
    on: &T,
) -> Option<Result<Outcome, InterpretError>> {
    let interpret = score.create_interpret();
    tokio::time::timeout(Duration::from_mins(1), interpret.undo(ctx, on)).await.ok()
}

/// Brought about, brought about again, undone, undone again; the history tells what really happened.
async fn there_and_back<T: Sync>(score: &dyn Score<T>, site: &SimulatedSite, on: &T) {
    let (ctx, name, before) = (ctx(), score.name(), site.history().len());
    let interpret = score.create_interpret();
    let planned = interpret.validate(&ctx, on).await.unwrap();
    assert_eq!(planned.status, Status::WillCreate, "{name}");
    let done = execute(score, &ctx, on).await.unwrap().unwrap();
    assert_eq!(done.status, OutcomeStatus::Success, "{name}");
    let planned = interpret.validate(&ctx, on).await.unwrap();
    assert_eq!(planned.status, Status::AlreadyApplied, "{name}");
    let again = execute(score, &ctx, on).await.unwrap().unwrap();
    assert_eq!(again.status, OutcomeStatus::Noop, "{name}");
    assert_eq!(site.history().len(), before + 1, "{name}");

    assert_eq!(interpret.validate_undo(&ctx, on).await.unwrap().status, Status::WillDelete);
    let undone = undo(score, &ctx, on).await.unwrap().unwrap();
    assert_eq!(undone.status, OutcomeStatus::Success, "{name}");
    assert_eq!(interpret.validate_undo(&ctx, on).await.unwrap().status, Status::AlreadyApplied);
    let again = undo(score, &ctx, on).await.unwrap().unwrap();
    assert_eq!(again.status, OutcomeStatus::Noop, "{name}");
    assert_eq!(site.history().len(), before + 2, "{name}");
}

/// Under a fault and then cleanly: the end is the same, and it was done once.
async fn survives<T: Sync>(
    score: &dyn Score<T>,
    site: &SimulatedSite,
    on: &T,
    arm: impl Fn(&SimulatedSite),
) {
    let (ctx, name, before) = (ctx(), score.name(), site.history().len());
    arm(site);
    drop(execute(score, &ctx, on).await);
    site.faults().clear();
    let clean = execute(score, &ctx, on).await.unwrap().unwrap();
    assert!(matches!(clean.status, OutcomeStatus::Success | OutcomeStatus::Noop), "{name}");
    assert_eq!(site.history().len(), before + 1, "{name}: {:?}", site.faults().struck());
    let last = execute(score, &ctx, on).await.unwrap().unwrap();
    assert_eq!(last.status, OutcomeStatus::Noop, "{name}");

    arm(site);
    drop(undo(score, &ctx, on).await);
    site.faults().clear();
    drop(undo(score, &ctx, on).await.unwrap().unwrap());
    assert_eq!(site.history().len(), before + 2, "{name}: {:?}", site.faults().struck());
}

/// Every fault, at every call that a run can have.
fn every_fault() -> impl Iterator<Item = impl Fn(&SimulatedSite)> {
    let calls = (0..5_u64).flat_map(|n| Fault::ALL.map(|fault| (n, fault)));
    calls.flat_map(|(n, fault)| {
        [true, false].map(|effect| {
            move |site: &SimulatedSite| {
                let faults = site.faults();
                if effect {
                    faults.at_effect(faults.effects_seen() + n, fault);
                } else {
                    faults.at_read(faults.reads_seen() + n, fault);
                }
            }
        })
    })
}

#[tokio::test(start_paused = true)]
async fn a_second_run_finds_nothing_to_do() {
    let (site, gateway) = gateway().await;
    for score in of_the_gateway() {
        there_and_back(&*score, &site, &gateway).await;
    }
    let (site, cluster) = cluster().await;
    there_and_back(&config(), &site, &cluster).await;
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_the_next_run_arrives_and_nothing_is_done_twice() {
    let mut cuts = 0;
    for arm in every_fault() {
        let (site, gateway) = gateway().await;
        for score in of_the_gateway() {
            survives(&*score, &site, &gateway, &arm).await;
        }
        let (site, cluster) = cluster().await;
        survives(&config(), &site, &cluster, &arm).await;
        cuts += 2 * (of_the_gateway().len() + 1);
    }
    println!("torture: network scores | {cuts} cuts | all arrive, nothing twice");
}

#[tokio::test(start_paused = true)]
async fn an_acknowledged_lie_is_told_as_unknown() {
    let (site, gateway) = gateway().await;
    for score in of_the_gateway() {
        site.faults().at_effect(site.faults().effects_seen(), Fault::Lie);
        let error = execute(&*score, &ctx(), &gateway).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), InterpretErrorKind::Unknown);
        assert!(error.to_string().contains("a look does not confirm it"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_does_not_begin() {
    let (site, gateway) = gateway().await;
    let (ctx, before) = (ctx(), site.history().len());
    ctx.cancel();
    for score in of_the_gateway() {
        let error = execute(&*score, &ctx, &gateway).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), InterpretErrorKind::Cancelled);
    }
    assert_eq!(site.history().len(), before);
}
