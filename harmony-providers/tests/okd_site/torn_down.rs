//! Taking the site down, from wherever it is, under every fault.

use std::time::Duration;

use harmony_capabilities::fakes::{Fault, SimulatedSite};
use harmony_phases::{
    Context, Stopped,
    pipeline::{StepRecord, TornDown},
    plan::Verdict,
    transition::WayBack,
};

use crate::support::{FAULTS, Start, arrives, ctx, end_state, execute, pipeline, start};

async fn teardown(ctx: &Context, site: &SimulatedSite) -> Option<Result<TornDown<Start>, Stopped>> {
    let (pipeline, start) = (pipeline(), start(site));
    tokio::time::timeout(Duration::from_hours(5), pipeline.teardown(ctx, start)).await.ok()
}

/// A clean teardown arrives where the site began; the one after it does nothing.
async fn is_gone_after_a_clean_one(site: &SimulatedSite) {
    site.faults().clear();
    for _ in 0..2 {
        let down = teardown(&ctx(), site).await.unwrap();
        let down = down.unwrap_or_else(|stopped| panic!("a clean teardown stopped: {stopped:?}"));
        assert!(down.topology.is_some(), "{:?}", down.stays);
    }
    assert_eq!(end_state(site), Vec::<String>::new());
    assert_eq!(site.network(&ctx()).await.unwrap(), None);
    assert_eq!(site.look_at_machines().await.unwrap().machines, []);
}

#[tokio::test(start_paused = true)]
async fn what_was_built_goes_in_reverse_order() {
    let site = SimulatedSite::new();
    arrives(&pipeline(), &site).await;
    let built = site.history().len();
    let plan = pipeline().plan_teardown(&ctx(), start(&site)).await.unwrap();
    assert_eq!(plan.lines[0].step.as_str(), "k8s v1 ConfigMap shop/motd");
    assert_eq!(plan.lines.last().unwrap().verdict, Verdict::WillGoBack(WayBack::Undoes));
    let down = teardown(&ctx(), &site).await.unwrap().unwrap();
    assert!(down.completed.iter().any(StepRecord::changed));
    let removed: Vec<_> = site.history()[built..].iter().map(|h| h.action.clone()).collect();
    assert_eq!(removed.first().unwrap(), "delete object");
    assert_eq!(removed.last().unwrap(), "take down");
}

#[tokio::test(start_paused = true)]
async fn every_effect_of_a_teardown_can_go_wrong() {
    let site = SimulatedSite::new();
    arrives(&pipeline(), &site).await;
    let before = site.faults().effects_seen();
    drop(teardown(&ctx(), &site).await.unwrap().unwrap());
    let effects = site.faults().effects_seen() - before;
    for (n, fault) in (0..effects).flat_map(|n| Fault::ALL.map(|fault| (n, fault))) {
        let site = SimulatedSite::new();
        arrives(&pipeline(), &site).await;
        site.faults().at_effect(site.faults().effects_seen() + n, fault);
        drop(teardown(&ctx(), &site).await);
        is_gone_after_a_clean_one(&site).await;
    }
    let cuts = effects * FAULTS;
    println!("torture: OKD site, teardown | {cuts} cuts | all end with nothing left");
}

#[tokio::test(start_paused = true)]
async fn a_half_made_site_is_taken_down_too() {
    for call in ["switch on `bootstrap`", "switch on `cp-0`", "switch on `cp-1`", "remove machine"]
    {
        for fault in [Fault::FailBefore, Fault::FailAfter] {
            let site = SimulatedSite::new();
            site.faults().on_effect(call, fault);
            drop(execute(&pipeline(), &ctx(), &site).await.unwrap().unwrap_err());
            is_gone_after_a_clean_one(&site).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_that_was_there_before_is_left_in_place() {
    let site = SimulatedSite::new();
    site.find_network_up();
    arrives(&pipeline(), &site).await;
    drop(teardown(&ctx(), &site).await.unwrap().unwrap());
    assert!(site.network(&ctx()).await.unwrap().is_some());
    assert!(site.history().iter().all(|happening| happening.object != "the network"));
}
