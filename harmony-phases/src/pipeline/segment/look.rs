//! What a plan says of a segment.

use super::{
    Segment,
    bound::Bound,
    validate::{Judged, Look},
};
use crate::{
    Context, Plan, StepId,
    pipeline::{
        chain,
        stage::{Ahead, Seen},
    },
    plan::{Certainty, PlanLine, Verdict},
    score::{Status, digest},
};

impl<T: Sync> Segment<T> {
    /// Adds a line a score; says whether anything changes.
    pub(in crate::pipeline) async fn plan(
        &self,
        ctx: &Context,
        ahead: &mut Ahead<T>,
        plan: &mut Plan,
    ) {
        let on = match &ahead.seen {
            Seen::Here(on) => on,
            Seen::Beyond { until } => return self.defer(until, plan),
        };
        let bound = match self.bind(ctx, on) {
            Ok(bound) => bound,
            Err(clash) => {
                let info = self.entries.iter().map(super::Entry::info).find(|i| i.id == clash.at);
                let verdict = Verdict::Score(Status::Blocked(clash.error.to_string()));
                let line = |info| PlanLine::new(info, verdict, Certainty::Proven);
                plan.lines.extend(info.map(line));
                ahead.changes = true;
                return;
            }
        };
        let look = if ahead.teardown { Look::Back } else { Look::Forward };
        let judged = bound.validate(ctx, on, 0..bound.len(), look).await;
        for (index, judged) in judged.into_iter().enumerate() {
            let certainty = if ahead.changes { Certainty::Inferred } else { Certainty::Proven };
            let line = line(&bound, index, judged, certainty);
            // A teardown's plan is shown in reverse: what it changes lies behind, not ahead.
            ahead.changes |= !ahead.teardown && line.may_change();
            plan.lines.push(line);
        }
    }

    fn defer(&self, until: &StepId, plan: &mut Plan) {
        plan.lines.extend(self.entries.iter().map(|entry| {
            let certainty = Certainty::Deferred { until: until.clone() };
            let mut line = PlanLine::new(entry.info(), Verdict::Unknown, certainty);
            if let super::Entry::Fixed { score, .. } = entry {
                line.digest = Some(digest(&score.to_value()));
            }
            line
        }));
    }
}

fn line<T: Sync>(
    bound: &Bound<'_, T>,
    index: usize,
    judged: Judged,
    certainty: Certainty,
) -> PlanLine {
    let info = bound.info(index);
    let mut line = match judged {
        Ok(report) => PlanLine::reported(info, report, certainty),
        Err(error) => PlanLine::new(info, Verdict::CannotTell(chain(&error)), certainty),
    };
    line.digest = Some(digest(&bound.score(index).to_value()));
    line
}
