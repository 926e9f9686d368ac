//! Scores registered on one topology.

use std::{collections::BTreeMap, fmt, sync::Arc};

use thiserror::Error;

use crate::{
    Context, Resting, Score, Stopped,
    pipeline::{Entry, Segment, StepRecord},
    score::ScoreRecord,
};

/// Scores registered by name on one topology, to be run one at a time.
pub struct Repertoire<T> {
    ctx: Context,
    topology: T,
    scores: BTreeMap<String, Arc<dyn Score<T>>>,
}

/// Why a registered score was not brought about.
#[derive(Debug, Error)]
pub enum PerformError {
    /// It ran and stopped.
    #[error("the score did not succeed")]
    Stopped(#[source] Box<Stopped>),
    /// Nothing is registered under the name.
    #[error("no score is registered as `{name}`; registered are: {}", .registered.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        registered: Vec<String>,
    },
}

impl<T: Resting> Repertoire<T> {
    pub(super) const fn new(ctx: Context, topology: T) -> Self {
        Self { ctx, topology, scores: BTreeMap::new() }
    }

    /// Registers `score` under its name; one of the same name is replaced.
    #[must_use]
    pub fn register(mut self, score: impl Score<T> + 'static) -> Self {
        self.scores.insert(score.name(), Arc::new(score));
        self
    }

    /// The topology they run on.
    pub const fn topology(&self) -> &T {
        &self.topology
    }

    /// The registered scores as data, by name.
    pub fn records(&self) -> Vec<ScoreRecord> {
        self.scores.values().map(|score| ScoreRecord::of(&**score)).collect()
    }

    /// Brings the score called `name` about.
    ///
    /// # Errors
    /// Nothing is registered under the name, or the score stopped.
    pub async fn perform(&self, name: &str) -> Result<StepRecord, PerformError> {
        let Some(score) = self.scores.get(name) else {
            let registered = self.scores.keys().cloned().collect();
            return Err(PerformError::Unknown { name: name.to_owned(), registered });
        };
        let ctx = self.ctx.for_run(self.topology.label());
        let mut segment = Segment::default();
        segment.push(Entry::score(Arc::clone(score)));
        let end = segment.execute(&ctx, &self.topology).await;
        let mut records = ctx.run_state().take_records();
        match end {
            // invariant: a segment of one score that did not halt has recorded that score.
            Ok(()) => Ok(records.remove(0)),
            Err(halt) => Err(PerformError::Stopped(Box::new(halt.into_stopped(records)))),
        }
    }
}

impl<T> fmt::Debug for Repertoire<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repertoire").field("scores", &self.scores.keys()).finish_non_exhaustive()
    }
}
