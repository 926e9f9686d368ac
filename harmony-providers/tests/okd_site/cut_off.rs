//! Every call of a run, under every fault.

use harmony_capabilities::fakes::{Fault, SimulatedSite};
use harmony_phases::pipeline::Cause;

use crate::support::{
    FAULTS, arrives, calls, ctx, end_state, execute, nothing_twice, pipeline, torture,
};

#[tokio::test(start_paused = true)]
async fn every_effect_can_go_wrong() {
    let (effects, _) = calls().await;
    assert!(effects > 10, "{effects} effects are enough to be a story");
    let undisturbed = SimulatedSite::new();
    arrives(&pipeline(), &undisturbed).await;
    for (n, fault) in (0..effects).flat_map(|n| Fault::ALL.map(|fault| (n, fault))) {
        let (site, pipeline) = (SimulatedSite::new(), pipeline());
        site.faults().at_effect(n, fault);
        let end = execute(&pipeline, &ctx(), &site).await;
        assert_eq!(end.is_none(), fault.hangs(), "effect {n}, {fault}");
        arrives(&pipeline, &site).await;
        nothing_twice(&site);
        assert_eq!(end_state(&site), end_state(&undisturbed), "effect {n}, {fault}");
        assert_eq!(site.faults().struck().len(), 1);
    }
    let cuts = effects * FAULTS;
    println!("torture: OKD site, one effect | {cuts} cuts | all arrive, nothing twice");
}

#[tokio::test(start_paused = true)]
async fn two_effects_can_go_wrong() {
    let (effects, _) = calls().await;
    // All pairs are for `cargo xtask torture`; a few of them are for everybody.
    let step = if torture() { 1 } else { 17 };
    let mut cuts = 0;
    for (one, other) in
        (0..effects).flat_map(|one| (one..effects).map(move |other| (one, other))).step_by(step)
    {
        for (first, second) in
            Fault::ALL.into_iter().flat_map(|one| Fault::ALL.map(|other| (one, other)))
        {
            let (site, pipeline) = (SimulatedSite::new(), pipeline());
            site.faults().at_effect(one, first);
            drop(execute(&pipeline, &ctx(), &site).await);
            site.faults().at_effect(site.faults().effects_seen() + other - one, second);
            drop(execute(&pipeline, &ctx(), &site).await);
            arrives(&pipeline, &site).await;
            nothing_twice(&site);
            cuts += 1;
        }
    }
    println!("torture: OKD site, two effects | {cuts} cuts | all arrive, nothing twice");
}

#[tokio::test(start_paused = true)]
async fn every_read_can_go_wrong() {
    let (_, reads) = calls().await;
    for (n, fault) in (0..reads).flat_map(|n| Fault::ALL.map(|fault| (n, fault))) {
        let (site, pipeline) = (SimulatedSite::new(), pipeline());
        site.faults().at_read(n, fault);
        // Whether the run notices or not: it is the next one that counts.
        let end = execute(&pipeline, &ctx(), &site).await;
        assert_eq!(end.is_none(), fault.hangs(), "read {n}, {fault}");
        arrives(&pipeline, &site).await;
        nothing_twice(&site);
    }
    let cuts = reads * FAULTS;
    println!("torture: OKD site, one read | {cuts} cuts | all arrive, nothing twice");
}

#[tokio::test(start_paused = true)]
async fn a_finished_site_survives_every_read_that_goes_wrong() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    arrives(&pipeline, &site).await;
    let before = site.faults().reads_seen();
    drop(execute(&pipeline, &ctx(), &site).await.unwrap().unwrap());
    let reads = site.faults().reads_seen() - before;
    for (n, fault) in (0..reads).flat_map(|n| Fault::ALL.map(|fault| (n, fault))) {
        site.faults().at_read(site.faults().reads_seen() + n, fault);
        drop(execute(&pipeline, &ctx(), &site).await);
        arrives(&pipeline, &site).await;
        nothing_twice(&site);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cut_in_the_middle_of_a_transition_is_said_to_be_one() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    site.faults().on_effect("switch on `cp-1`", Fault::FailAfter);
    let stopped = execute(&pipeline, &ctx(), &site).await.unwrap().unwrap_err();
    assert!(matches!(stopped.cause, Cause::Interrupted(_)), "{stopped:?}");
    assert_eq!(stopped.at.as_str(), "start `bootstrap` .. form the cluster");
    let effects: Vec<_> = stopped.effects.iter().map(|(e, _)| e.intent.to_string()).collect();
    assert_eq!(effects.last().unwrap(), "switch on `cp-1`");
    arrives(&pipeline, &site).await;
    nothing_twice(&site);
}
