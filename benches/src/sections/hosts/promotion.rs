//! The first promotion of a bare host, against a hand-written `apt-get install` of the same.

use e2e::host::TestHosts;

use super::{name, ours::Ours, settled, ssh::Plain};
use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

/// A bare host is bare once: one that goes first, and then pairs of one for ours and one by hand.
const PAIRS: usize = 3;

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
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for pair in 1..=PAIRS {
        let (a, b) = (name(2 * pair), name(2 * pair + 1));
        settled()?;
        // Ours goes first in every second pair.
        if pair % 2 == 0 {
            mine.push(ours.promote(&a)?);
            settled()?;
            theirs.push(plain.install(&b, &asked)?);
        } else {
            theirs.push(plain.install(&a, &asked)?);
            settled()?;
            mine.push(ours.promote(&b)?);
        }
    }
    let ratios = mine.iter().zip(&theirs).map(|(mine, theirs)| mine / theirs).collect();
    let (mine, theirs) = (median(mine), median(theirs));
    let what = "first promotion: ours / ssh apt-get install";
    table.add(
        Row::new("hosts", what, median(ratios), "x")
            .goal(Goal::AtMost(1.05))
            .note(format!("{mine:.1} s / {theirs:.1} s, {} packages named", asked.len())),
    );
    Ok(())
}
