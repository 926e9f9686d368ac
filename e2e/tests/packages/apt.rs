//! What goes wrong under apt, and ends well.

use anyhow::Result;
use harmony_capabilities::host::{
    HostErrorKind, PackageChange, PackageManager, PackageScore, PackageState,
};
use harmony_phases::event::EventKind;
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Pipeline, Status, Topology, phases};
use harmony_providers::linux::Linux;

use crate::bench::{APT, Bench, present, told};

/// What waits until it sees a file, and so holds the lock until the test lets it go on.
const SLOW: &str = "apt-get -qq --yes install h-slow </dev/null";
const UNTIL_SLOW: &str = "until [ -e /run/slow ]; do sleep 0.05; done";

#[phases(any = AnyHost)]
pub(crate) mod host {
    use super::{Linux, PackageManager};

    /// A tree.
    #[start]
    pub struct Declared {}

    /// Its tool can be used.
    #[resting]
    pub struct Ready {
        #[grants(PackageManager)]
        pub(super) linux: Linux,
    }
}

#[tokio::test]
async fn the_lock_is_waited_for_and_its_holder_is_told() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.tree.sh("apt-get -qq update")?;
    let mut holder = bench.tree.spawn(SLOW)?;
    bench.tree.sh(UNTIL_SLOW)?;

    let ctx = Context::for_site("lab".parse()?);
    let mut events = ctx.events().follow();
    let ready = Topology::new("tree", host::Ready { linux: bench.linux.clone() });
    let pipeline = Pipeline::start().run(present("h-two"));
    let run = tokio::spawn(async move { pipeline.execute(&ctx, ready).await.map(drop) });
    let evidence = loop {
        let event = events.next().await.expect("the run goes on");
        if let EventKind::Waiting { condition, evidence, .. } = &event.kind {
            assert_eq!(condition, "the lock of apt on the tree is free");
            break evidence.clone().expect("somebody has it");
        }
    };
    assert!(evidence.contains("/var/lib/dpkg/lock-frontend is held by process "), "{evidence}");
    assert!(evidence.ends_with("apt-get -qq --yes install h-slow"), "{evidence}");
    assert_eq!(bench.version("h-two").await?, None);

    bench.tree.sh("touch /run/go")?;
    run.await??;
    assert!(holder.wait()?.success(), "the other was not disturbed");
    assert!(bench.version("h-two").await?.is_some());
    Ok(())
}

#[tokio::test]
async fn what_was_cut_short_is_mended_first() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.tree.sh("apt-get -qq update")?;
    let mut victim = bench.tree.spawn(SLOW)?;
    bench.tree.sh(UNTIL_SLOW)?;
    bench.tree.sh("for name in apt-get dpkg h-slow.postinst; do
            for process in /proc/[0-9]*; do
                [ \"$(cat $process/comm)\" != \"$name\" ] || kill -KILL \"${process#/proc/}\"
            done 2>/dev/null
        done")?;
    let _ = victim.wait()?;
    bench.tree.sh("touch /run/go")?;
    assert!(bench.state("h-slow").await?.broken);

    let plan = bench.plan(&present("h-slow")).await?;
    assert_eq!(plan.status, Status::WillUpdate, "{plan:?}");
    // Another package's change mends it, too.
    assert!(bench.run(&present("h-two")).await?);
    assert_eq!(bench.done()[0], "mend what was cut short by `apt`");
    let slow = bench.state("h-slow").await?;
    assert!(slow.installed.is_some() && !slow.broken);
    assert!(!bench.run(&present("h-slow")).await?);
    Ok(())
}

/// The power went right after dpkg had unpacked a package, and before it called that well done.
#[tokio::test]
async fn what_dpkg_wants_to_be_installed_again_is() -> Result<()> {
    let bench = Bench::of(APT).await?;
    assert!(bench.run(&present("h-one")).await?);
    let unsure = "sed -i '/^Package: h-one$/,/^$/ s/^Status: .*/Status: install reinstreq unpacked/' /var/lib/dpkg/status";
    bench.tree.sh(unsure)?;
    assert!(bench.state("h-one").await?.broken);
    assert!(bench.run(&present("h-one")).await?);
    let one = bench.state("h-one").await?;
    assert!(one.installed.is_some() && !one.broken, "{one:?}");
    assert!(!bench.run(&present("h-one")).await?);
    Ok(())
}

#[tokio::test]
async fn an_index_is_made_new_when_it_is_old_or_does_not_know_a_name() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.run(&present("h-three")).await?;
    let refreshes = || bench.done().iter().filter(|it| it.starts_with("refresh")).count();
    assert_eq!(refreshes(), 1, "there was none");
    bench.run(&present("h-two")).await?;
    assert_eq!(refreshes(), 1, "it was just made");

    let new = "mkdir -p /tmp/new/DEBIAN
        printf 'Package: h-new\\nVersion: 1\\nArchitecture: all\\nMaintainer: E <e@example.org>\\nDescription: x\\n' >/tmp/new/DEBIAN/control
        dpkg-deb --build /tmp/new /srv/repository/h-new_1_all.deb
        cd /srv/repository && dpkg-scanpackages -m . >Packages 2>/dev/null";
    bench.tree.sh(new)?;
    assert_eq!(bench.plan(&present("h-new")).await?.status, Status::WillCreate);
    assert_eq!(refreshes(), 1, "a plan looks through one that it throws away");
    bench.run(&present("h-new")).await?;
    assert_eq!(refreshes(), 2);

    bench.tree.sh("touch -d '2 days ago' /var/lib/apt/periodic/* /var/lib/apt/lists/partial /var/lib/apt/lists")?;
    bench.run(&present("h-one")).await?;
    assert_eq!(refreshes(), 3);
    Ok(())
}

/// Has the tree write down what apt-get is told, in `/run/said`.
fn listen(bench: &Bench) -> Result<()> {
    let listening = "mv /usr/bin/apt-get /usr/bin/apt-get.real
        printf '#!/bin/sh\necho \"$*\" >>/run/said\nexec /usr/bin/apt-get.real \"$@\"\n' >/usr/bin/apt-get
        chmod 0755 /usr/bin/apt-get";
    bench.tree.sh(listening).map(drop)
}

/// How often apt-get was told to simulate.
fn simulations(bench: &Bench) -> Result<usize> {
    let said = bench.tree.sh("cat /run/said")?;
    Ok(said.lines().filter(|line| line.contains("--print-uris")).count())
}

#[tokio::test]
async fn what_nobody_has_planned_guards_itself_and_is_simulated_only_where_it_cannot_be()
-> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.run(&present("h-three")).await?;
    listen(&bench)?;
    let commit = async |name: &str| {
        let install = vec![(name.parse()?, None)];
        let change = PackageChange { install, ..PackageChange::default() };
        let mark = Mark::new("lab".parse()?, "packages");
        anyhow::Ok(bench.linux.commit(&bench.ctx, &change, &mark).await)
    };
    commit("h-one").await??;
    assert!(bench.state("h-one").await?.mark.is_some());
    assert_eq!(simulations(&bench)?, 0);

    let blocked = commit("h-foe").await?.unwrap_err();
    assert_eq!(blocked.kind(), HostErrorKind::Blocked, "{blocked}");
    assert!(told(&blocked.into()).contains("would remove h-three"));
    assert!(bench.version("h-three").await?.is_some(), "it is in the way, and stays");
    let unknown = commit("h-given").await?.unwrap_err();
    assert_eq!(unknown.kind(), HostErrorKind::NotFound, "{unknown}");
    assert_eq!(bench.version("h-giver").await?, None, "it only provides what was asked for");
    for name in ["h-foe", "h-given"] {
        assert_eq!(bench.state(name).await?, PackageState::default(), "no mark of {name} stays");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_plan_has_simulated_is_not_simulated_again_unless_something_moved() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.run(&present("h-three")).await?;
    listen(&bench)?;
    let one = present("h-one");
    assert_eq!(bench.plan(&one).await?.status, Status::WillCreate);
    assert_eq!(simulations(&bench)?, 1);
    bench.run(&one).await?;
    assert_eq!(simulations(&bench)?, 1, "nothing moved between the plan and the change");

    let two = present("h-two");
    bench.tree.sh("echo >/srv/never; ln -s /srv/never /etc/apt/preferences.d/never")?;
    assert_eq!(bench.plan(&two).await?.status, Status::WillCreate);
    assert_eq!(simulations(&bench)?, 2, "h-one was installed since");
    bench.tree.sh("echo 'Package: h-two\nPin: version *\nPin-Priority: -1' >/srv/never")?;
    let told = bench.refused(&two).await?;
    assert!(told.contains("h-two") && told.contains("not found"), "{told}");
    let done = bench.done();
    assert!(!done.iter().any(|it| it.contains("install") && it.contains("h-two")), "{done:?}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_index_and_one_that_names_what_is_gone_are_made_new() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.run(&present("h-three")).await?;
    bench.tree.sh("rm -f /var/cache/apt/*.bin; for list in /var/lib/apt/lists/*_Packages*; do rm $list; echo damaged >${list%.lz4}; done")?;
    assert_eq!(bench.plan(&present("h-one")).await?.status, Status::WillCreate);
    bench.run(&present("h-one")).await?;
    assert!(bench.done().contains(&"fetch a new index for `apt`".to_owned()), "{:?}", bench.done());

    // The source has another version by now.
    bench.tree.sh("cd /srv/repository && sed -i s/1.0/1.1/ Packages && mv h-two_1.0_all.deb h-two_1.1_all.deb && rm h-two_1.1_all.deb && dpkg-scanpackages -m . >Packages 2>/dev/null")?;
    let told = bench.refused(&present("h-two")).await?;
    assert!(told.contains("look at the sources of apt") || told.contains("not found"), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_it_cut_short_is_completed() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.tree.sh(
        "mkdir -p /tmp/big/DEBIAN /tmp/big/opt/h-big /opt/h-big
        head -c 4M /dev/urandom >/tmp/big/opt/h-big/file
        printf 'Package: h-big\\nVersion: 1\\nArchitecture: all\\nMaintainer: E <e@example.org>\\nDescription: x\\n' >/tmp/big/DEBIAN/control
        dpkg-deb --build /tmp/big /srv/repository/h-big_1_all.deb
        cd /srv/repository && dpkg-scanpackages -m . >Packages 2>/dev/null
        mount -t tmpfs -o size=1m tmpfs /opt/h-big",
    )?;
    let score = PackageScore::builder().all_present(["h-big", "h-two"]).build()?;
    let told = bench.refused(&score).await?;
    assert!(told.contains("the disk is full: make room"), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
    bench.tree.sh("mount -o remount,size=8m /opt/h-big")?;
    bench.run(&score).await?;
    assert!(bench.version("h-big").await?.is_some() && bench.version("h-two").await?.is_some());
    assert!(!bench.run(&score).await?);
    Ok(())
}

#[tokio::test]
async fn what_an_administrator_holds_is_not_changed_by_what_needs_it() -> Result<()> {
    let bench = Bench::of(APT).await?;
    bench.run(&PackageScore::builder().version("h-one", "1.0").build()?).await?;
    bench.tree.sh(
        "apt-mark hold h-one
        mkdir -p /tmp/needs/DEBIAN
        printf 'Package: h-needs\\nVersion: 1\\nArchitecture: all\\nDepends: h-one (>= 2)\\nMaintainer: E <e@example.org>\\nDescription: x\\n' >/tmp/needs/DEBIAN/control
        dpkg-deb --build /tmp/needs /srv/repository/h-needs_1_all.deb
        cd /srv/repository && dpkg-scanpackages -m . >Packages 2>/dev/null",
    )?;
    let told = bench.refused(&present("h-needs")).await?;
    assert!(told.contains("held") || told.contains("do not go together"), "{told}");
    assert_eq!(bench.version("h-one").await?.as_deref(), Some("1.0"));
    Ok(())
}
