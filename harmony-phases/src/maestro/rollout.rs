//! Going through a fleet, batch by batch.

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{Fleet, HostEnd, HostRun, NotRun, Pace, fleet::Member};
use crate::{Context, Resting, Stopped, event::EventKind};

/// Does `run` for each member at the fleet's pace; the ends are in the order of the members.
pub(super) async fn roll_out<A, B, T, F, Fut>(
    ctx: &Context,
    fleet: Fleet<A, B>,
    run: F,
) -> Vec<HostRun<T>>
where
    A: Resting,
    B: Resting,
    F: Fn(Member<A, B>) -> Fut,
    Fut: Future<Output = Result<T, Stopped>>,
{
    let mut rollout = Rollout::new(ctx, fleet.pace);
    let mut members = fleet.members.into_iter().peekable();
    while members.peek().is_some() {
        rollout.batch(members.by_ref().take(fleet.pace.serial), &run).await;
    }
    rollout.into_ends()
}

struct Rollout<'a, T> {
    ctx: &'a Context,
    pace: Pace,
    ends: Vec<(usize, HostRun<T>)>,
    begun: usize,
    failures: usize,
}

impl<'a, T> Rollout<'a, T> {
    const fn new(ctx: &'a Context, pace: Pace) -> Self {
        Self { ctx, pace, ends: Vec::new(), begun: 0, failures: 0 }
    }

    async fn batch<A: Resting, B: Resting, Fut>(
        &mut self,
        mut members: impl Iterator<Item = Member<A, B>>,
        run: impl Fn(Member<A, B>) -> Fut,
    ) where
        Fut: Future<Output = Result<T, Stopped>>,
    {
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < self.pace.side_by_side {
                let Some(member) = members.next() else { break };
                let (index, host) = (self.begun, member.host.clone());
                self.begun += 1;
                if let Some(reason) = self.holds_back() {
                    self.end(index, host, HostEnd::NotRun(reason));
                    continue;
                }
                let run = run(member);
                under_way.push(async move { (index, host, run.await) });
            }
            match under_way.next().await {
                Some((index, host, Ok(end))) => self.end(index, host, HostEnd::Finished(end)),
                Some((index, host, Err(stop))) => {
                    self.end(index, host, HostEnd::Stopped(Box::new(stop)));
                }
                None => return,
            }
        }
    }

    /// Why the next system is not begun.
    fn holds_back(&self) -> Option<NotRun> {
        if self.ctx.is_cancelled() {
            return Some(NotRun::Cancelled);
        }
        let enough = self.failures >= self.pace.max_failures;
        enough.then_some(NotRun::TooManyFailures(self.failures))
    }

    fn end(&mut self, index: usize, host: String, end: HostEnd<T>) {
        self.failures += usize::from(end.failed());
        if let HostEnd::NotRun(reason) = &end {
            let (system, because) = (host.clone(), reason.to_string());
            self.ctx.emit(|| EventKind::HostNotRun { system, because });
        }
        self.ends.push((index, HostRun { host, end }));
    }

    fn into_ends(mut self) -> Vec<HostRun<T>> {
        self.ends.sort_by_key(|(index, _)| *index);
        let (mut finished, mut stopped, mut not_run) = (0, 0, 0);
        for (_, run) in &self.ends {
            *match run.end {
                HostEnd::Finished(_) => &mut finished,
                HostEnd::NotRun(_) => &mut not_run,
                HostEnd::Stopped(_) => &mut stopped,
            } += 1;
        }
        self.ctx.emit(|| EventKind::FleetFinished { finished, stopped, not_run });
        self.ends.into_iter().map(|(_, run)| run).collect()
    }
}
