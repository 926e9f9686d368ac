//! The story comes out as the README says, whatever the fault.

use clap::Parser;
use harmony_phases::{
    pipeline::{Cause, StepRecord, StepResult},
    plan::{Certainty, Verdict},
};
use okd_rehearsal::{FirstRun, Rehearsal, Told, tell};

#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    rehearsal: Rehearsal,
}

async fn story(arguments: &[&str]) -> (Told, String) {
    let name = ["story"].iter().chain(arguments);
    let rehearsal = Arguments::try_parse_from(name).expect("the arguments are right").rehearsal;
    let mut text = Vec::new();
    let told = tell(&rehearsal, &mut text).await.expect("the story comes to its end");
    assert_ends_well(&told);
    (told, String::from_utf8(text).expect("the story is text"))
}

/// Whatever went wrong: from the fourth step on, all stories are one.
fn assert_ends_well(told: &Told) {
    assert!(!told.again.iter().any(StepRecord::changed), "{:?}", told.again);
    assert_eq!(told.effects_of_again, 0);
    let drift: Vec<_> = told.plan_of_drift.lines.iter().filter(|line| line.may_change()).collect();
    assert_eq!(drift.len(), 2, "the two records: {drift:?}");
    assert_eq!(told.repaired.iter().filter(|record| record.changed()).count(), 2);
    let last = told.torn_down.last().expect("something was taken down");
    assert_eq!((last.step.as_str(), last.result), ("prepare the network", StepResult::Undone));
}

const THROUGH: &str = "start `bootstrap` .. form the cluster";

#[tokio::test(start_paused = true)]
async fn cut_off_in_the_middle_of_a_transition() {
    let (told, text) = story(&["--fault", "fail-after@cp-1"]).await;
    for line in &told.plan.lines[1..] {
        assert!(matches!(line.certainty, Certainty::Deferred { .. }), "{line}");
    }
    let FirstRun::Stopped(stopped) = &told.first else { panic!("{:?}", told.first) };
    assert!(matches!(stopped.cause, Cause::Interrupted(_)), "{stopped:?}");
    assert_eq!(stopped.at.as_str(), THROUGH);

    let line = |name: &str| told.plan_after.line(name).expect("the plan has the line");
    assert_eq!(line("prepare the network").verdict, Verdict::Reached);
    assert_eq!(line(THROUGH).certainty, Certainty::Proven);
    assert!(matches!(line("k8s v1 Namespace shop").certainty, Certainty::Deferred { .. }));
    let resumed: Vec<_> =
        told.resumed.iter().filter(|r| r.changed()).map(|r| r.step.as_str()).collect();
    assert_eq!(resumed, [THROUGH, "k8s v1 Namespace shop", "note who made it"]);

    for said in [
        "[deferred until `prepare the network`]",
        "interrupted; run again to look where the system stands and go on",
        "[13/14] note who made it: nothing to do",
        "it did switch on `cp-0`",
        "it cannot say whether it did switch on `cp-1`",
    ] {
        assert!(text.contains(said), "`{said}` is missing from:\n{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_ends_well() {
    for fault in ["fail-before", "fail-after", "hang-before", "hang-after", "lie", "repeat"] {
        for call in ["the network", "reservation", "bootstrap", "cp-0", "remove machine", "object"]
        {
            let (told, _) =
                story(&["--control-plane", "1", "--fault", &format!("{fault}@{call}")]).await;
            match told.first {
                FirstRun::Killed => assert!(fault.starts_with("hang"), "{fault}@{call}"),
                FirstRun::Arrived => assert_eq!(fault, "repeat", "{fault}@{call}"),
                FirstRun::Stopped(_) => assert_ne!(fault, "repeat", "{fault}@{call}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_lies_does_not_make_a_second_cluster() {
    for call in ["read:reservation", "read:machines", "read:DNS", "read:get", "read:the network"] {
        story(&["--fault", &format!("lie@{call}")]).await;
    }
}

#[test]
fn arguments_that_are_wrong_are_refused() {
    for arguments in
        [["--fault", "fail@cp-1"], ["--control-plane", "0"], ["--control-plane", "300"]]
    {
        Arguments::try_parse_from(["story"].iter().chain(&arguments)).unwrap_err();
    }
}
