//! A file to a host and back, against `scp`.

use std::{
    fs::File,
    io::{self, Read as _},
};

use anyhow::Context as _;
use e2e::{Scratch, host::TestHost};

use super::{
    ours::{Ours, Road},
    settled,
    ssh::Plain,
};
use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

const SIZE: u64 = 256 << 20;
/// Single transfers differ by a third from one another on two cores.
const ROUNDS: usize = 11;
/// Where ours and theirs are on the host.
pub(super) const MINE: &str = "/var/tmp/transfer-ours";
pub(super) const THEIRS: &str = "/var/tmp/transfer-scp";

pub(super) fn measure(
    table: &mut Table,
    ours: &Ours,
    plain: &Plain,
    scratch: &Scratch,
    host: &TestHost,
) -> anyhow::Result<()> {
    let file = scratch.join("transfer");
    let mut random = File::open("/dev/urandom")?.take(SIZE);
    io::copy(&mut random, &mut File::create(&file)?).context("making a file to send")?;
    let clean = || host.sh(&format!("rm -f {MINE} {THEIRS}")).and_then(|_| settled());
    for (road, name) in [(Road::FileStore, "FileStore"), (Road::Sftp, "SFTP")] {
        let up = in_turn(clean, || ours.upload(road, &file), || plain.upload(&file))?;
        host.sh(&format!("cmp {MINE} {THEIRS}"))?;
        let note = format!("{}; ours is on the disk then", up.note());
        let row = Row::new("hosts", format!("upload by {name}: ours / scp"), up.ratio, "x");
        table.add(row.goal(Goal::AtLeast(0.9)).note(note));
    }
    let (mine, theirs) = (scratch.join("mine"), scratch.join("theirs"));
    let forget = || {
        [&mine, &theirs].into_iter().filter(|it| it.exists()).try_for_each(std::fs::remove_file)?;
        settled()
    };
    for (road, name) in [(Road::FileStore, "FileStore"), (Road::Sftp, "SFTP")] {
        let down = in_turn(forget, || ours.download(road, &mine), || plain.download(&theirs))?;
        let note = format!("{}; ours is on the disk then", down.note());
        let what = format!("download by {name}: ours / scp");
        table.add(Row::new("hosts", what, down.ratio, "x").note(note));
    }
    Ok(())
}

/// How fast ours was beside theirs.
struct Compared {
    ratio: f64,
    mine: f64,
    theirs: f64,
}

impl Compared {
    fn note(&self) -> String {
        format!("{} MiB: {:.2} s / {:.2} s", SIZE >> 20, self.mine, self.theirs)
    }
}

/// Runs both after `before`, ours first in every second round; the first round is not counted.
fn in_turn(
    before: impl Fn() -> anyhow::Result<()>,
    ours: impl Fn() -> anyhow::Result<f64>,
    theirs: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<Compared> {
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        before()?;
        let first = if round % 2 == 0 { ours()? } else { theirs()? };
        settled()?;
        let second = if round % 2 == 0 { theirs()? } else { ours()? };
        if round > 0 {
            let (own, other) = if round % 2 == 0 { (first, second) } else { (second, first) };
            mine.push(own);
            others.push(other);
        }
    }
    let ratios = others.iter().zip(&mine).map(|(theirs, mine)| theirs / mine).collect();
    Ok(Compared { ratio: median(ratios), mine: median(mine), theirs: median(others) })
}
