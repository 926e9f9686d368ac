//! Linux hosts over SSH: a pass with nothing to do, an upload and a promotion, each against what
//! somebody would type, and the pass against peers from PyPI.

mod ours;
mod peers;
mod ssh;

use std::fs::File;
use std::io::{self, Read as _};

use anyhow::Context as _;
use e2e::{
    Scratch,
    host::{ClientHome, TestHosts},
};

use self::{ours::Ours, peers::Peers, ssh::Plain};
use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

const MANY: usize = 25;
const ROUNDS: usize = 5;
const UPLOAD: u64 = 256 << 20;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let hosts = TestHosts::start(MANY)?;
    let scratch = Scratch::new()?;
    let home = ClientHome::make(scratch.path(), &hosts)?;
    let (ours, plain) = (Ours::new(&home)?, Plain::new(&home));
    let peers = Peers::installed(&home);
    ours.prepare(MANY)?;
    pass(table, &ours, &plain, &peers, 1, Goal::AtMost(1.2), [5.0, 18.0])?;
    pass(table, &ours, &plain, &peers, MANY, Goal::AtMost(0.8), [2.3, 35.0])?;
    upload(table, &ours, &plain, &scratch)?;
    promotion(table, &ours, &plain, &hosts)
}

/// A pass with nothing to do over `count` hosts, with connections that are opened anew.
fn pass(
    table: &mut Table,
    ours: &Ours,
    plain: &Plain,
    peers: &Peers,
    count: usize,
    goal: Goal,
    peer_goals: [f64; 2],
) -> anyhow::Result<()> {
    let (mut mine, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        mine.push(ours.pass(count)?);
        floor.push(plain.pass(count)?);
    }
    let ratios = mine.iter().zip(&floor).map(|(mine, floor)| mine / floor).collect();
    let mine = median(mine);
    table.add(
        Row::new(
            "hosts",
            format!("nothing to do on {count}: ours / bare ssh"),
            median(ratios),
            "x",
        )
        .goal(goal)
        .note(format!("{mine:.2} s / {:.2} s", median(floor))),
    );
    for (peer, least) in peers.each().into_iter().zip(peer_goals) {
        let what = format!("nothing to do on {count}: {} / ours", peer.name());
        let row = match peer.pass(count) {
            Ok(theirs) => Row::new("hosts", what, theirs / mine, "x")
                .note(format!("{theirs:.2} s / {mine:.2} s")),
            Err(error) => Row::new("hosts", what, f64::NAN, "x").note(format!("{error:#}")),
        };
        table.add(row.goal(Goal::AtLeast(least)));
    }
    Ok(())
}

fn upload(table: &mut Table, ours: &Ours, plain: &Plain, scratch: &Scratch) -> anyhow::Result<()> {
    let file = scratch.join("upload");
    let mut random = File::open("/dev/urandom")?.take(UPLOAD);
    io::copy(&mut random, &mut File::create(&file)?).context("making a file to upload")?;
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        mine.push(ours.upload(&file)?);
        theirs.push(plain.upload(&file)?);
    }
    let ratios = theirs.iter().zip(&mine).map(|(theirs, mine)| theirs / mine).collect();
    let note = format!("256 MiB: {:.2} s / {:.2} s", median(mine), median(theirs));
    let what = "throughput of an upload: ours / scp";
    table.add(Row::new("hosts", what, median(ratios), "x").goal(Goal::AtLeast(0.9)).note(note));
    Ok(())
}

/// The first promotion of a bare host, against a hand-written `apt-get install` of the same.
fn promotion(
    table: &mut Table,
    ours: &Ours,
    plain: &Plain,
    hosts: &TestHosts,
) -> anyhow::Result<()> {
    // The first one brings the packages into the cache, and says which were asked for.
    ours.promote("h3")?;
    let manual = hosts[2].sh("apt-mark showmanual")?;
    let before = hosts[0].sh("apt-mark showmanual")?;
    let asked = manual.lines().filter(|name| before.lines().all(|it| it != *name));
    let asked: Vec<&str> = asked.collect();
    let theirs = plain.install("h2", &asked)?;
    let mine = ours.promote("h1")?;
    let what = "first promotion: ours / ssh apt-get install";
    table.add(
        Row::new("hosts", what, mine / theirs, "x")
            .goal(Goal::AtMost(1.05))
            .note(format!("{mine:.1} s / {theirs:.1} s, {} packages named", asked.len())),
    );
    Ok(())
}
