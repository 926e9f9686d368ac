//! Random scores under random faults: any number of failed runs, then a clean one.

use std::time::Duration;

use harmony_capabilities::{
    fakes::{Fault, SimulatedHost},
    host::{
        DirectoryScore, FileScore, KernelModuleScore, PackageScore, ServiceScore, SysctlScore,
        UserScore,
    },
};
use harmony_phases::{Pipeline, Score};
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::{Index, select},
};

use crate::{
    scene::{BoxedScore, ctx, host},
    trips::{Machine, Site, on},
};
use harmony_phases::Topology;

/// What is wanted of one host, by kind and name, so that no two scores want the same thing.
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    text: String,
    flag: bool,
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (0..7_u8, "[ -~\\n]{0,40}", any::<bool>()).prop_map(|(kind, text, flag)| Wish {
        kind,
        text,
        flag,
    });
    btree_map(0..4_u8, wish, 1..4).prop_map(|wishes| wishes.into_values().collect())
}

fn faults() -> impl Strategy<Value = Vec<(bool, Index, Fault)>> {
    vec((any::<bool>(), any::<Index>(), select(Fault::ALL.to_vec())), 0..6)
}

/// A score on a thing of its own.
fn score<T>(number: usize, wish: &Wish) -> Box<dyn Score<T>>
where
    T: harmony_capabilities::host::FileStore
        + harmony_capabilities::host::PackageManager
        + harmony_capabilities::host::ServiceManager
        + harmony_capabilities::host::AccountStore
        + harmony_capabilities::host::HostFacts
        + harmony_capabilities::host::KernelModules
        + harmony_capabilities::host::Sysctl
        + 'static,
{
    let path = format!("/srv/{number}");
    match wish.kind {
        0 => Box::new(FileScore::builder().path(path).text(wish.text.clone()).build().unwrap()),
        1 => Box::new(
            DirectoryScore::builder()
                .path(path)
                .maybe_mode(wish.flag.then_some("0700"))
                .build()
                .unwrap(),
        ),
        2 => {
            let packages =
                PackageScore::builder().present(["curl", "nginx", "exim4", "libnginx"][number]);
            let packages = if wish.flag {
                packages.held(["curl", "nginx", "exim4", "libnginx"][number])
            } else {
                packages
            };
            Box::new(packages.build().unwrap())
        }
        3 => Box::new(
            UserScore::builder()
                .name(format!("user{number}"))
                .maybe_uid(wish.flag.then_some(2000 + u32::try_from(number).unwrap()))
                .build()
                .unwrap(),
        ),
        4 if number == 0 => Box::new(KernelModuleScore::builder().module("kvm").build().unwrap()),
        5 if number == 0 => {
            Box::new(SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build().unwrap())
        }
        6 if number == 0 => Box::new(
            ServiceScore::builder().unit("app").running(true).enabled(wish.flag).build().unwrap(),
        ),
        _ => Box::new(
            FileScore::builder()
                .path(path)
                .bytes(wish.text.as_bytes())
                .mode("0600")
                .build()
                .unwrap(),
        ),
    }
}

fn site(wishes: &[Wish]) -> Site {
    let scores: Vec<Box<dyn Score<Topology<Machine>>>> =
        wishes.iter().enumerate().map(|(number, wish)| score(number, wish)).collect();
    scores.into_iter().fold(Pipeline::start(), Pipeline::run)
}

/// One run, given up where it hangs.
async fn run(site: &Site, host: &SimulatedHost) -> bool {
    let (ctx, limit) = (ctx(), Duration::from_mins(1));
    tokio::time::timeout(limit, site.execute(&ctx, on(host))).await.is_ok_and(|run| run.is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_clean_run_arrives_after_any_number_of_failed_ones(wishes in wishes(), faults in faults()) {
        let paused = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        paused.block_on(async {
            let (clean, host, site) = (host(), host(), site(&wishes));
            assert!(run(&site, &clean).await);
            for (effect, place, fault) in &faults {
                let plan = host.faults();
                if *effect {
                    plan.at_effect(plan.effects_seen() + place.index(4) as u64, *fault);
                } else {
                    plan.at_read(plan.reads_seen() + place.index(8) as u64, *fault);
                }
                run(&site, &host).await;
                plan.clear();
            }
            assert!(run(&site, &host).await, "{faults:?}");
            assert_eq!(host.contents().timeless(), clean.contents().timeless(), "{faults:?}");
            let mut once = host.history();
            once.sort_by_key(|it| (it.action.clone(), it.object.clone()));
            let all = once.len();
            once.dedup();
            assert_eq!(once.len(), all, "something happened twice: {faults:?}");
            assert_eq!(all, clean.history().len(), "{faults:?}");
        });
    }
}

/// The box that other tests hold scores in is the one that a pipeline takes.
#[tokio::test]
async fn a_box_of_a_score_is_a_score() {
    let boxed: BoxedScore =
        score::<SimulatedHost>(0, &Wish { kind: 0, text: "a".to_owned(), flag: false });
    assert!(boxed.create_interpret().execute(&ctx(), &host()).await.unwrap().changed());
}
