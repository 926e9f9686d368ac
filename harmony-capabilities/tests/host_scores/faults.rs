//! Every score: run twice, cut off at every call, undone twice.

use std::{collections::HashSet, time::Duration};

use harmony_capabilities::fakes::{Fault, SimulatedHost};
use harmony_phases::{InterpretError, InterpretErrorKind, Outcome, OutcomeStatus, Status};

use crate::scene::{
    BoxedScore, all, command, ctx, execute, host, interpret, undo, undoable, validate,
};

/// One way of using a score, given up where it hangs.
async fn try_execute(
    score: &BoxedScore,
    host: &SimulatedHost,
) -> Option<Result<Outcome, InterpretError>> {
    let (interpret, ctx) = (interpret(&**score), ctx());
    tokio::time::timeout(Duration::from_mins(1), interpret.execute(&ctx, host)).await.ok()
}

async fn try_undo(
    score: &BoxedScore,
    host: &SimulatedHost,
) -> Option<Result<Outcome, InterpretError>> {
    let (interpret, ctx) = (interpret(&**score), ctx());
    tokio::time::timeout(Duration::from_mins(1), interpret.undo(&ctx, host)).await.ok()
}

#[tokio::test]
async fn a_second_run_finds_nothing_to_do() {
    for score in all() {
        let (host, name) = (host(), score.name());
        assert!(!validate(&*score, &host).await.is_already_applied(), "{name}");
        assert_eq!(execute(&*score, &host).await, OutcomeStatus::Success, "{name}");
        let once = host.history();
        assert!(!once.is_empty(), "{name}");
        assert_eq!(validate(&*score, &host).await.status, Status::AlreadyApplied, "{name}");
        assert_eq!(execute(&*score, &host).await, OutcomeStatus::Noop, "{name}");
        assert_eq!(host.history(), once, "{name}");
    }
}

#[tokio::test]
async fn a_teardown_takes_back_what_was_made() {
    for score in undoable() {
        let (host, name) = (host(), score.name());
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::Noop, "{name}: nothing there");
        let before = host.contents().timeless();
        execute(&*score, &host).await;
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::Success, "{name}");
        let undone = interpret(&*score).validate_undo(&ctx(), &host).await.unwrap();
        assert_eq!(undone.status, Status::AlreadyApplied, "{name}");
        assert!(undo(&*score, &host).await != OutcomeStatus::Success, "{name}");
        let after = host.contents().timeless();
        assert_eq!(after.users, before.users, "{name}");
        assert_eq!(after.keys.values().flatten().count(), 0, "{name}");
        let made = |path: &str| after.files.contains_key(&path.parse().unwrap());
        assert!(!made("/etc/motd") && !made("/srv/shop/data"), "{name}");
        let marks = after.packages.values().filter(|package| package.mark.is_some()).count();
        assert_eq!(marks, 0, "{name}");
        assert!(after.modules.values().all(|module| !module.at_boot && module.mark.is_none()));
        assert!(after.parameters.values().all(|it| it.at_boot.is_none() && it.mark.is_none()));
    }
}

#[tokio::test]
async fn what_a_command_did_stays() {
    let host = host();
    assert_eq!(undo(&command(), &host).await, OutcomeStatus::Noop);
    execute(&command(), &host).await;
    assert_eq!(undo(&command(), &host).await, OutcomeStatus::LeftInPlace);
}

/// Every fault at every call that a run can have: whether at an effect, which one, and what.
fn every_fault() -> impl Iterator<Item = (bool, u64, Fault)> {
    let calls = [true, false].into_iter().flat_map(|effect| (0..6).map(move |n| (effect, n)));
    calls.flat_map(|(effect, n)| Fault::ALL.map(|fault| (effect, n, fault)))
}

fn arm(host: &SimulatedHost, (effect, n, fault): (bool, u64, Fault)) {
    let faults = host.faults();
    if effect {
        faults.at_effect(faults.effects_seen() + n, fault);
    } else {
        faults.at_read(faults.reads_seen() + n, fault);
    }
}

/// What happened to `host` is what happened to the one without a fault; a lie may change the order, or part in two what
/// is done at once, but nothing happens twice.
fn assert_nothing_twice(host: &SimulatedHost, clean: &SimulatedHost, fault: Fault) {
    let history = host.history();
    if fault != Fault::Lie {
        assert_eq!(history, clean.history(), "{fault}");
    }
    let distinct: HashSet<_> = history.iter().collect();
    assert_eq!(distinct.len(), history.len(), "{fault}: {history:?}");
}

/// Under a fault and then cleanly: the end is the one without a fault, and nothing happened twice.
#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_the_next_run_arrives_and_nothing_is_done_twice() {
    let mut cuts = 0;
    for (index, undisturbed) in all().into_iter().enumerate() {
        let clean = host();
        execute(&*undisturbed, &clean).await;
        for fault in every_fault() {
            let (host, score) = (host(), all().remove(index));
            let name = score.name();
            arm(&host, fault);
            drop(try_execute(&score, &host).await);
            host.faults().clear();
            drop(try_execute(&score, &host).await.unwrap().unwrap());
            assert_eq!(host.contents().timeless(), clean.contents().timeless(), "{name} {fault:?}");
            assert_nothing_twice(&host, &clean, fault.2);
            assert_eq!(execute(&*score, &host).await, OutcomeStatus::Noop, "{name}");
            cuts += 1;
        }
    }
    println!("torture: host scores | {cuts} cuts | all arrive, nothing twice");
}

#[tokio::test(start_paused = true)]
async fn a_teardown_arrives_too() {
    for (index, undisturbed) in undoable().into_iter().enumerate() {
        let clean = host();
        execute(&*undisturbed, &clean).await;
        undo(&*undisturbed, &clean).await;
        for fault in every_fault() {
            let (host, score) = (host(), undoable().remove(index));
            execute(&*score, &host).await;
            arm(&host, fault);
            drop(try_undo(&score, &host).await);
            host.faults().clear();
            drop(try_undo(&score, &host).await.unwrap().unwrap());
            let name = score.name();
            assert_eq!(host.contents().timeless(), clean.contents().timeless(), "{name} {fault:?}");
            assert_nothing_twice(&host, &clean, fault.2);
        }
    }
}

#[tokio::test]
async fn an_acknowledged_lie_is_told_as_unknown() {
    for score in all() {
        let host = host();
        host.faults().at_effect(0, Fault::Lie);
        let failed = try_execute(&score, &host).await.unwrap();
        // A lie is a command that ended with code 0 and did nothing, too.
        let error = failed.unwrap_err();
        assert_eq!(error.kind(), InterpretErrorKind::Unknown, "{}", score.name());
        assert!(error.to_string().contains("a look does not confirm it"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_is_told_as_unknown() {
    for score in all() {
        let host = host();
        host.faults().at_effect(0, Fault::FailAfter);
        let error = try_execute(&score, &host).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), InterpretErrorKind::Unknown, "{}", score.name());
        assert!(error.to_string().contains("a simulated host"), "{error}");
    }
}

#[tokio::test]
async fn a_cancelled_run_does_not_begin() {
    for score in all() {
        let (host, ctx) = (host(), ctx());
        ctx.cancel();
        let error = interpret(&*score).execute(&ctx, &host).await.unwrap_err();
        assert_eq!(error.kind(), InterpretErrorKind::Cancelled);
        assert_eq!(host.history(), []);
    }
}
