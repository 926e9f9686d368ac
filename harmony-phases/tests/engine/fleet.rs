//! Many systems.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering::SeqCst},
};

use harmony_phases::{
    Claim, Maestro, Pipeline, Topology,
    event::{Event, EventKind, PlainRenderer},
    maestro::{Fleet, HostEnd, HostRun, NotRun, Pace},
    pipeline::Cause,
};

use crate::{
    execute::site,
    world::{ClusterReady, ConfigureNetwork, Host, NetworkReady, World, context, thing},
};

type Site = Pipeline<Topology<Host>, Topology<ClusterReady>>;
type Networked = Pipeline<Topology<Host>, Topology<NetworkReady>>;

fn worlds(count: usize) -> Vec<Arc<World>> {
    (0..count).map(|_| World::new()).collect()
}

fn starts(worlds: &[Arc<World>]) -> Vec<Topology<Host>> {
    let start = |(index, world): (usize, &Arc<World>)| {
        Topology::new(format!("h{index}"), Host { world: Arc::clone(world) })
    };
    worlds.iter().enumerate().map(start).collect()
}

fn fleet(worlds: &[Arc<World>], pace: Pace) -> Fleet<Topology<Host>, Topology<ClusterReady>> {
    Fleet::alike(site(), starts(worlds)).pace(pace)
}

/// One letter a host: finished, stopped, not run.
fn ends<T>(runs: &[HostRun<T>]) -> String {
    let letter = |run: &HostRun<T>| match run.end {
        HostEnd::Finished(_) => 'f',
        HostEnd::NotRun(_) => '-',
        HostEnd::Stopped(_) => 's',
    };
    runs.iter().map(letter).collect()
}

#[tokio::test]
async fn one_failure_stops_only_itself() {
    let worlds = worlds(8);
    worlds[3].broken.store(true, SeqCst);
    let pace = Pace::default().side_by_side(4);
    let maestro = Maestro::new(context());
    let runs = maestro.execute_fleet(fleet(&worlds, pace)).await.unwrap();
    assert_eq!(ends(&runs), "fffsffff");
    assert_eq!(runs[3].host, "h3");
    worlds[3].broken.store(false, SeqCst);
    let runs = maestro.execute_fleet(fleet(&worlds, pace)).await.unwrap();
    let changed: Vec<_> = runs.into_iter().map(|r| r.end.finished().unwrap().changed()).collect();
    assert_eq!(changed.iter().filter(|changed| **changed).count(), 1, "only what was missing");
    assert!(changed[3]);
}

#[tokio::test]
async fn no_host_is_begun_once_enough_have_failed() {
    let worlds = worlds(9);
    for broken in [1, 2, 5] {
        worlds[broken].broken.store(true, SeqCst);
    }
    let maestro = Maestro::new(context());
    let run = async |pace| maestro.execute_fleet(fleet(&worlds, pace)).await.unwrap();
    let one_by_one = Pace::default().side_by_side(1);
    let runs = run(one_by_one.max_failures(2)).await;
    assert_eq!(ends(&runs), "fss------");
    let HostEnd::NotRun(reason) = &runs[3].end else { panic!("{:?}", runs[3]) };
    assert_eq!(*reason, NotRun::TooManyFailures(2));
    assert!(worlds[3].writes().is_empty(), "it was not even looked at");
    assert_eq!(ends(&run(one_by_one).await), "fssffsfff", "without a limit all are begun");
}

#[tokio::test]
async fn a_batch_begins_when_the_one_before_has_ended() {
    let ctx = context();
    let mut events = ctx.events().follow();
    let pace = Pace::default().serial(3).side_by_side(2);
    let runs = Maestro::new(ctx).execute_fleet(fleet(&worlds(8), pace)).await.unwrap();
    assert_eq!(ends(&runs), "ffffffff");
    let (mut open, mut most, mut batch) = (BTreeSet::new(), 0, Vec::new());
    for event in events.drain() {
        match event.kind {
            EventKind::RunStarted { .. } => {
                let index: usize = event.host[1..].parse().unwrap();
                if index.is_multiple_of(3) {
                    assert!(open.is_empty(), "{} began while {open:?} were under way", event.host);
                }
                open.insert(event.host.clone());
                batch.push(index);
                most = most.max(open.len());
            }
            EventKind::RunFinished { .. } => assert!(open.remove(&event.host)),
            _ => {}
        }
    }
    assert_eq!((most, batch.len()), (2, 8));
}

#[tokio::test]
async fn a_cancelled_fleet_says_who_was_not_run() {
    let ctx = context();
    let worlds = worlds(4);
    let cancel = ctx.clone();
    let pipelines = |start: &Topology<Host>| -> Networked {
        let (mut work, cancel) = (thing("a"), cancel.clone());
        work.claims.clear();
        let third = start.name() == "h1";
        Pipeline::start().advance(ConfigureNetwork).run_if(
            move |_| {
                if third {
                    cancel.cancel();
                }
                true
            },
            work,
        )
    };
    let fleet = Fleet::each(starts(&worlds), pipelines).pace(Pace::default().side_by_side(1));
    let runs = Maestro::new(ctx).execute_fleet(fleet).await.unwrap();
    assert_eq!(ends(&runs), "fs--");
    let HostEnd::Stopped(stopped) = &runs[1].end else { panic!("{:?}", runs[1]) };
    assert!(matches!(stopped.cause, Cause::Cancelled) && !runs[1].failed());
    assert!(matches!(runs[3].end, HostEnd::NotRun(NotRun::Cancelled)));
}

fn vip(last: u8) -> Claim {
    Claim::vip([10, 0, 0, last].into())
}

#[tokio::test]
async fn what_is_one_across_the_site_belongs_to_one_host() {
    let worlds = worlds(3);
    let maestro = Maestro::new(context());
    let wants = |last| {
        let mut balancer = thing("balancer");
        balancer.claims = vec![vip(last)];
        Networked::then(
            Pipeline::start().advance(ConfigureNetwork),
            Pipeline::start().run(balancer),
        )
    };
    let alike = || Fleet::alike(wants(9), starts(&worlds));
    let error = maestro.execute_fleet(alike()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`thing balancer` on h0 and `thing balancer` on h1 both claim address 10.0.0.9, of which there is one across all hosts; give one of them another, in a pipeline that is built for its host"
    );
    assert_eq!(maestro.plan_fleet(alike()).await.unwrap_err(), error);
    assert!(worlds.iter().all(|world| world.writes().is_empty()));

    let address = |start: &Topology<Host>| start.name().as_bytes()[1];
    let each = Fleet::each(starts(&worlds), |start| wants(address(start)));
    assert_eq!(ends(&maestro.execute_fleet(each).await.unwrap()), "fff");
    let single = Fleet::alike(wants(9), starts(&worlds[..1]));
    assert_eq!(ends(&maestro.execute_fleet(single).await.unwrap()), "f");
}

/// A pipeline for all hosts whose score claims what `claim` makes of the host's name.
fn late(claim: impl Fn(&str) -> Claim + Send + Sync + 'static) -> Networked {
    Pipeline::start().advance(ConfigureNetwork).run_with(
        "vm",
        move |at: &Topology<NetworkReady>| {
            let mut score = thing("vm");
            score.claims = vec![claim(at.name())];
            score
        },
    )
}

#[tokio::test]
async fn late_claims_are_checked_against_those_of_other_hosts() {
    let worlds = worlds(3);
    let maestro = Maestro::new(context());
    let own = late(|host| vip(host.as_bytes()[1]));
    let runs = maestro.execute_fleet(Fleet::alike(own, starts(&worlds))).await.unwrap();
    assert_eq!(ends(&runs), "fff", "claims that differ are no conflict");
    let same = || Fleet::alike(late(|_| vip(9)), starts(&worlds));
    let runs = maestro.execute_fleet(same()).await.unwrap();
    assert_eq!(ends(&runs).matches('s').count(), 2, "{runs:?}");
    let stopped = runs.iter().find_map(|run| match &run.end {
        HostEnd::Stopped(stopped) => Some(stopped),
        _ => None,
    });
    let Cause::Invalid(error) = &stopped.unwrap().cause else { panic!("{stopped:?}") };
    let text = error.to_string();
    assert!(text.starts_with("`vm` on h") && text.contains(" and `vm` on h"), "{text}");
    let plans = maestro.plan_fleet(same()).await.unwrap();
    let plans = plans.into_iter().map(|run| run.end.finished().unwrap());
    let blocked: Vec<_> = plans.map(|plan| plan.blocked().count()).collect();
    assert_eq!(blocked.iter().sum::<usize>(), 2, "{blocked:?}");
    // A later run begins with a clean slate.
    assert_eq!(ends(&maestro.execute_fleet(same()).await.unwrap()).matches('f').count(), 1);
}

#[tokio::test]
async fn two_systems_of_one_name_are_refused() {
    let world = World::new();
    let twice = [&world, &world].map(crate::world::host);
    let error = Maestro::new(context()).execute_fleet(Fleet::alike(site(), twice)).await;
    assert!(error.unwrap_err().to_string().starts_with("two systems are called `h1`"));
    let mut rival = thing("a");
    rival.claims = thing("b").claims;
    let wrong: Networked = Pipeline::start().advance(ConfigureNetwork).run(thing("b")).run(rival);
    let fleet = Fleet::alike(wrong, [crate::world::host(&world)]);
    let error = Maestro::new(context()).execute_fleet(fleet).await.unwrap_err();
    assert_eq!(error.to_string(), "the pipeline of h1 is invalid");
    assert!(world.writes().is_empty());
}

#[tokio::test]
async fn a_fleet_is_planned_and_torn_down_as_a_whole() {
    let worlds = worlds(5);
    let maestro = Maestro::new(context());
    let site = || -> Networked { Pipeline::start().advance(ConfigureNetwork).run(thing("a")) };
    let at = || Fleet::alike(site(), starts(&worlds)).pace(Pace::default().serial(2));
    let plans = maestro.plan_fleet(at()).await.unwrap();
    assert_eq!(plans.len(), 5);
    assert!(worlds.iter().all(|world| world.writes().is_empty()));
    let _ = maestro.execute_fleet(at()).await.unwrap();
    let plans = maestro.plan_fleet(at()).await.unwrap();
    assert!(plans.into_iter().all(|run| run.end.finished().unwrap().is_noop()));
    let plans = maestro.plan_teardown_fleet(at()).await.unwrap();
    assert!(plans.into_iter().all(|run| !run.end.finished().unwrap().lines.is_empty()));
    let runs = maestro.teardown_fleet(at()).await.unwrap();
    assert_eq!(ends(&runs), "fffff");
    assert!(worlds.iter().all(|world| world.names().is_empty() && !world.net.load(SeqCst)));
}

#[tokio::test]
async fn events_tell_the_hosts_apart() {
    let (ctx, worlds) = (context(), worlds(3));
    worlds[1].broken.store(true, SeqCst);
    let mut stream = ctx.events().follow();
    let pace = Pace::default().side_by_side(1).max_failures(1);
    let _ = Maestro::new(ctx).execute_fleet(fleet(&worlds, pace)).await.unwrap();
    let events = stream.drain();
    let whole = &events[0];
    assert_eq!((whole.host.as_str(), whole.within), ("lab", None));
    let parts: Vec<_> = events.iter().filter(|event| event.run != whole.run).collect();
    assert!(parts.iter().all(|event| event.within == Some(whole.run)));
    let hosts: BTreeSet<_> = parts.iter().map(|event| event.host.as_str()).collect();
    assert_eq!(hosts, ["h0", "h1"].into());
    for (run, host) in parts.iter().map(|event| (event.run, &event.host)).collect::<BTreeSet<_>>() {
        let of_run = parts.iter().filter(|event| event.run == run);
        assert!(of_run.zip(0..).all(|(event, index)| event.index == index), "{host}");
    }
    let mut effects = events.iter().filter_map(|event| match &event.kind {
        EventKind::EffectBegun { effect } => Some((event, effect)),
        _ => None,
    });
    assert!(effects.all(|(event, effect)| event.host == effect.host));
    for event in &events {
        assert_eq!(Event::from_json(&serde_json::to_string(&**event).unwrap()).unwrap(), **event);
    }
    let mut text = Vec::new();
    let mut renderer = PlainRenderer::new(&mut text);
    for event in &events {
        renderer.render(event).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.starts_with("lab: 3 systems\nh0: 6 steps\nh0 [1/6] ConfigureNetwork: applied"),
        "{text}"
    );
    assert!(text.contains("h1: stopped at `ConfigureNetwork`"), "{text}");
    assert!(text.contains("h2: not run: not begun, because 1 failed before it\n"), "{text}");
    assert!(text.ends_with("lab: 1 finished, 1 stopped, 1 not run\n"), "{text}");
}

#[test]
fn a_fleet_runs_in_a_task_of_its_own() {
    fn is_send(_: &impl Send) {}
    let maestro = Maestro::new(context());
    let of = || Fleet::alike(site(), starts(&worlds(1)));
    is_send(&maestro.execute_fleet(of()));
    is_send(&maestro.plan_fleet(of()));
    is_send(&maestro.teardown_fleet(of()));
    is_send(&maestro.plan_teardown_fleet(of()));
    let _: Site = site();
}

#[tokio::test]
async fn a_thousand_hosts_share_nothing_but_the_pace() {
    let worlds = worlds(1000);
    let runs = Maestro::new(context()).execute_fleet(fleet(&worlds, Pace::default())).await;
    assert!(runs.unwrap().into_iter().all(|run| run.end.finished().is_some()));
    assert!(worlds.iter().all(|world| world.writes() == worlds[0].writes()));
    assert!(!worlds[0].things.lock().unwrap().is_empty());
}
