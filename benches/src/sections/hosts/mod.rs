//! Linux hosts over SSH: a pass with nothing to do, transfers and a promotion, each against what
//! somebody would type, and the pass against peers from PyPI.

mod memory;
mod ours;
mod pass;
mod peers;
mod promotion;
mod ssh;
mod transfer;

use std::path::Path;

use e2e::{
    Scratch,
    host::{ClientHome, TestHosts},
    run,
};

use self::{ours::Ours, pass::Pass, peers::Peers, ssh::Plain};
use crate::table::{Goal, Table};

const MANY: usize = 25;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let hosts = TestHosts::start(MANY)?;
    let scratch = Scratch::new()?;
    let home = ClientHome::make(scratch.path(), &hosts)?;
    let (ours, plain) = (Ours::new(&home)?, Plain::new(&home));
    let peers = Peers::installed(&home, &plain, MANY);
    ours.prepare(&names(MANY))?;
    settled()?;
    for pass in [
        Pass { hosts: 1, floor: Goal::AtMost(1.2), pyinfra: 5.0, ansible: 18.0 },
        Pass { hosts: MANY, floor: Goal::AtMost(0.8), pyinfra: 2.3, ansible: 35.0 },
    ] {
        pass.measure(table, &ours, &plain, &peers)?;
    }
    memory::measure(table, &ours)?;
    transfer::measure(table, &ours, &plain, &scratch, &hosts[0])?;
    promotion::measure(table, &ours, &plain, &hosts)
}

/// Waits until nothing that was written before is on its way to the disk any more.
fn settled() -> anyhow::Result<()> {
    run(Path::new("/"), "sync", &[]).map(drop)
}

/// The first `count` hosts.
fn names(count: usize) -> Vec<String> {
    (1..=count).map(name).collect()
}

/// What the client's home calls a host.
fn name(number: usize) -> String {
    format!("h{number}")
}
