//! Harmony on `qemu:///system` against the same raw calls in one run.

mod ours;
mod raw;

use anyhow::ensure;
use e2e::{LibvirtDaemon, Scratch};

use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

/// How many volumes, and how many machines.
const COUNT: usize = 100;
const ROUNDS: usize = 3;
/// Looks are short, so each round takes several, ours and the bare ones in turn.
const LOOKS: usize = 7;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let daemon = LibvirtDaemon::shared()?;
    let scratch = Scratch::new()?;
    let peer = raw::Peer::connect(daemon.uri())?;
    let ours = ours::Site::new(daemon.uri(), scratch.path(), COUNT)?;
    let (mut creates, mut plans, mut raw_creates, mut raw_reads) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        creates.push(ours.apply()?);
        let made = peer.record(ours::POOL, ours::PREFIX)?;
        ensure!(made.domains() == COUNT && made.volumes() == COUNT, "{} domains", made.domains());
        for _ in 0..LOOKS {
            plans.push(ours.plan_nothing_to_do()?);
            raw_reads.push(peer.read_all(ours::POOL)?);
        }
        ours.destroy()?;
        raw_creates.push(peer.create(&made)?);
        peer.remove(&made)?;
    }
    let ratios = |ours: &[f64], raw: &[f64]| {
        median(ours.iter().zip(raw).map(|(ours, raw)| ours / raw).collect())
    };
    let what = format!("{COUNT} volumes + {COUNT} machines + 1 network: create / raw calls");
    table.add(
        Row::new("libvirt", what, ratios(&creates, &raw_creates), "x")
            .goal(Goal::AtMost(1.2))
            .note(format!("{:.2} s / {:.2} s", median(creates), median(raw_creates))),
    );
    table.add(
        Row::new(
            "libvirt",
            "a no-change plan over them / bare reads",
            ratios(&plans, &raw_reads),
            "x",
        )
        .goal(Goal::AtMost(1.5))
        .note(format!("{:.3} s / {:.3} s", median(plans), median(raw_reads))),
    );
    Ok(())
}
