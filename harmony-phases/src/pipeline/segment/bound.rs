//! A segment whose late-bound scores are bound.

use super::{Entry, Segment, on_host};
use crate::{Context, Score, StepId, StepInfo, StepKind, pipeline::PipelineError};

/// A segment whose late-bound scores are bound to the phase that is reached.
pub(super) struct Bound<'a, T> {
    segment: &'a Segment<T>,
    /// The late-bound scores, by their place in the segment; empty where none is late.
    late: Vec<(usize, Box<dyn Score<T>>)>,
}

impl<T: Sync> Segment<T> {
    /// Builds what is late-bound, and claims for it what it turns out to need.
    pub(super) fn bind(&self, ctx: &Context, on: &T) -> Result<Bound<'_, T>, Box<Clash>> {
        let mut late = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if let Entry::Late { id, build } = entry {
                let score = build(on);
                let info = StepInfo { id: id.clone(), ..StepInfo::of(StepKind::LateBound, &score) };
                claim(ctx, info).map_err(|error| Box::new(Clash { at: id.clone(), error }))?;
                late.push((index, score));
            }
        }
        Ok(Bound { segment: self, late })
    }
}

/// Claims what a score needs now that it is bound, on its host and across the hosts of the run.
fn claim(ctx: &Context, info: StepInfo) -> Result<(), PipelineError> {
    let (run, info) = (ctx.run_state(), on_host(info, ctx));
    run.scope(|scope| {
        scope.unbound = scope.unbound.saturating_sub(1);
        scope.claims.add(&info)
    })?;
    Ok(run.claim_across(run.host(), &info)?)
}

/// A late-bound score that wants what another step has.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) at: StepId,
    pub(super) error: PipelineError,
}

impl<T: Sync> Bound<'_, T> {
    pub(super) fn len(&self) -> usize {
        self.segment.entries.len()
    }

    pub(super) fn score(&self, index: usize) -> &dyn Score<T> {
        match &self.segment.entries[index] {
            Entry::Fixed { score, .. } => &**score,
            Entry::Late { .. } => {
                let place = self.late.partition_point(|(at, _)| *at < index);
                &*self.late[place].1
            }
        }
    }

    pub(super) fn id(&self, index: usize) -> StepId {
        self.segment.entries[index].id()
    }

    /// What is known of the score now that it is bound.
    pub(super) fn info(&self, index: usize) -> StepInfo {
        let info = self.segment.entries[index].info();
        match info.kind {
            StepKind::LateBound => {
                StepInfo { sensitivity: self.score(index).sensitivity(), ..info }
            }
            _ => info,
        }
    }
}
