//! The first promotion of a bare host, against a hand-written `apt-get install` of the same.

use anyhow::Context as _;
use e2e::host::TestHosts;

use super::{name, ours::Ours, settled, ssh::Plain};
use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

/// A bare host is bare once: one that goes first, and then rounds of one for each way.
const ROUNDS: usize = 3;

/// How a host gets the packages.
#[derive(Clone, Copy)]
enum Way {
    Ours,
    ByHand,
    /// By hand, and proven by hand as well.
    Proven,
}

const WAYS: [Way; 3] = [Way::Ours, Way::ByHand, Way::Proven];

pub(super) fn measure(
    table: &mut Table,
    ours: &Ours,
    plain: &Plain,
    hosts: &TestHosts,
) -> anyhow::Result<()> {
    // The first one brings the packages into the cache, and says which were asked for.
    let before = hosts[0].sh("apt-mark showmanual")?;
    ours.promote(&name(1))?;
    let manual = hosts[0].sh("apt-mark showmanual")?;
    let asked = manual.lines().filter(|name| before.lines().all(|it| it != *name));
    let asked: Vec<&str> = asked.collect();
    let mut taken: [Vec<f64>; WAYS.len()] = Default::default();
    let mut fresh = (2..).map(name);
    for round in 0..ROUNDS {
        // Each way goes first once.
        for turn in 0..WAYS.len() {
            let which = (round + turn) % WAYS.len();
            let host = fresh.next().context("no host is left")?;
            settled()?;
            taken[which].push(match WAYS[which] {
                Way::Ours => ours.promote(&host)?,
                Way::ByHand => plain.install(&host, &asked)?,
                Way::Proven => plain.install_and_prove(&host, &asked)?,
            });
        }
    }
    let [mine, by_hand, proven] = taken;
    for (what, theirs) in [
        ("first promotion: ours / ssh apt-get install", by_hand),
        ("first promotion: ours / ssh apt-get install and virsh's proof", proven),
    ] {
        let ratios = mine.iter().zip(&theirs).map(|(mine, theirs)| mine / theirs).collect();
        let (mine, theirs) = (median(mine.clone()), median(theirs));
        table.add(
            Row::new("hosts", what, median(ratios), "x")
                .goal(Goal::AtMost(1.05))
                .note(format!("{mine:.1} s / {theirs:.1} s, {} packages named", asked.len())),
        );
    }
    Ok(())
}
