//! A pass with nothing to do, with connections that are opened anew.

use super::{names, ours::Ours, peers::Peers, ssh::Plain};
use crate::{
    measure::median,
    table::{Goal, Row, Table},
};

const ROUNDS: usize = 7;
/// The login is none of them.
const ROUND_TRIPS: f64 = 3.0;

/// A pass over some hosts, and what it is held against.
pub(super) struct Pass {
    pub(super) hosts: usize,
    pub(super) floor: Goal,
    pub(super) pyinfra: f64,
    pub(super) ansible: f64,
}

impl Pass {
    pub(super) fn measure(
        &self,
        table: &mut Table,
        ours: &Ours,
        plain: &Plain,
        peers: &Peers,
    ) -> anyhow::Result<()> {
        let count = self.hosts;
        let mine = self.against_the_floor(table, ours, plain)?;
        for (peer, least) in peers.each().into_iter().zip([self.pyinfra, self.ansible]) {
            let what = format!("nothing to do on {count}: {} / ours", peer.name());
            let row = match peer.pass(count) {
                Ok(theirs) => Row::new("hosts", what, theirs / mine, "x")
                    .note(format!("{theirs:.2} s / {mine:.2} s; {}", peer.manner())),
                Err(error) => Row::new("hosts", what, f64::NAN, "x").note(format!("{error:#}")),
            };
            table.add(row.goal(Goal::AtLeast(least)));
        }
        Ok(())
    }

    /// Ours and the bare reads in turn; how long ours took.
    fn against_the_floor(
        &self,
        table: &mut Table,
        ours: &Ours,
        plain: &Plain,
    ) -> anyhow::Result<f64> {
        let (count, names) = (self.hosts, names(self.hosts));
        let (mut mine, mut floor, mut round_trips) = (Vec::new(), Vec::new(), 0);
        // The first round is not counted.
        for round in 0..=ROUNDS {
            let bare = plain.pass(count)?;
            let pass = ours.pass(&names)?;
            round_trips = round_trips.max(pass.round_trips);
            if round > 0 {
                floor.push(bare);
                mine.push(pass.took);
            }
        }
        let ratios = mine.iter().zip(&floor).map(|(mine, floor)| mine / floor).collect();
        let mine = median(mine);
        let what = format!("nothing to do on {count}: ours / bare ssh");
        table.add(
            Row::new("hosts", what, median(ratios), "x")
                .goal(self.floor)
                .note(format!("{mine:.2} s / {:.2} s", median(floor))),
        );
        let what = format!("nothing to do on {count}: round trips a host");
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        table.add(
            Row::new("hosts", what, round_trips as f64, "")
                .goal(Goal::AtMost(ROUND_TRIPS))
                .note("the most of any host, after its login"),
        );
        Ok(mine)
    }
}
