//! One pipeline on many systems.

use futures_util::{StreamExt, stream};

use super::Maestro;
use crate::{
    Pipeline, Resting, Stopped,
    claim::{ClaimConflict, ClaimScope},
    pipeline::{Finished, PipelineError},
};

/// What came of one system's run.
#[derive(Debug)]
#[must_use]
pub struct HostRun<B> {
    /// The system.
    pub host: String,
    /// How its run ended.
    pub end: Result<Finished<B>, Stopped>,
}

impl Maestro {
    /// Brings many systems about with one pipeline, at most `side_by_side` at once.
    ///
    /// Each has its own events and its own end; one that fails does not stop the others.
    ///
    /// # Errors
    /// The pipeline itself is wrong, or claims for every system what is one across the site.
    pub async fn execute_on<A: Resting, B: Resting>(
        &self,
        pipeline: &Pipeline<A, B>,
        starts: Vec<A>,
        side_by_side: usize,
    ) -> Result<Vec<HostRun<B>>, PipelineError> {
        pipeline.check()?;
        if starts.len() > 1 {
            unshared(pipeline)?;
        }
        let runs = starts.into_iter().map(|start| async move {
            let host = start.label();
            HostRun { host, end: self.execute(pipeline, start).await }
        });
        Ok(stream::iter(runs).buffered(side_by_side.max(1)).collect().await)
    }
}

/// What is exclusive across the site cannot be claimed once for each of several systems.
fn unshared<A: Resting, B: Resting>(pipeline: &Pipeline<A, B>) -> Result<(), PipelineError> {
    for step in pipeline.steps() {
        let shared = step.claims.into_iter().find(|claim| claim.scope() == ClaimScope::Site);
        if let Some(claim) = shared {
            let (first, second) = (step.id.clone(), step.id);
            return Err(ClaimConflict { claim, first, second, released_by: None }.into());
        }
    }
    Ok(())
}
