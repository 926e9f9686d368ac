//! What a host costs in memory while a hundred are connected.

use super::{MANY, name, ours::Ours};
use crate::{
    ALLOCATOR,
    table::{Goal, Row, Table},
};

const HOSTS: usize = 100;
const MIB: f64 = 1024.0 * 1024.0;

/// Every test host plays several: each has a connection, facts, a topology and a pass of its own, and
/// all stay open until the last is through.
#[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
pub(super) fn measure(table: &mut Table, ours: &Ours) -> anyhow::Result<()> {
    let names: Vec<String> = (0..HOSTS).map(|host| name(host % MANY + 1)).collect();
    // Earlier passes have made what a process has once, and have long let go of their hosts.
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    ours.pass(&names)?;
    let bytes = ALLOCATOR.peak_usage().saturating_sub(before) as f64;
    let what = format!("memory, {HOSTS} hosts at a time");
    table.add(
        Row::new("hosts", what, bytes / HOSTS as f64 / MIB, "MiB/host")
            .goal(Goal::AtMost(2.0))
            .note(format!("allocated at most; {MANY} hosts, logged in to {} times", HOSTS / MANY)),
    );
    Ok(())
}
