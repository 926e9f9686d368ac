//! The census as a score of its own.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use crate::{
    Context, Describe, Interpret, InterpretError, Outcome, Score, ValidationReport,
    ownership::{Census, Orphan},
};

/// A census as a score: lists the orphans, or removes them when the run prunes.
pub(super) struct CensusScore<T> {
    census: Arc<dyn Census<T>>,
}

impl<T> CensusScore<T> {
    pub(super) fn new(census: impl Census<T> + 'static) -> Self
    where
        T: Sync,
    {
        Self { census: Arc::new(census) }
    }
}

impl<T> fmt::Debug for CensusScore<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CensusScore").finish_non_exhaustive()
    }
}

impl<T: Sync> Describe for CensusScore<T> {
    fn name(&self) -> String {
        format!("census of {}", self.census.counts())
    }
}

impl<T: Sync + 'static> Score<T> for CensusScore<T> {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "census": self.census.counts() })
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(CensusInterpret { census: Arc::clone(&self.census) })
    }
}

struct CensusInterpret<T> {
    census: Arc<dyn Census<T>>,
}

impl<T> fmt::Debug for CensusInterpret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CensusInterpret").finish_non_exhaustive()
    }
}

impl<T: Sync> CensusInterpret<T> {
    /// What carries the site's mark and is claimed by no step; `None` while that cannot be told.
    async fn orphans(&self, ctx: &Context, on: &T) -> Result<Option<Vec<Orphan>>, InterpretError> {
        if ctx.run_state().scope(|scope| scope.unbound > 0) {
            return Ok(None);
        }
        let mut marked = self.census.marked(ctx, on).await?;
        let host = ctx.run_state().host();
        ctx.run_state().scope(|scope| {
            marked.retain(|orphan| !scope.claims.knows(&orphan.claim.clone().on(host)));
        });
        Ok(Some(marked))
    }

    async fn report(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        let Some(orphans) = self.orphans(ctx, on).await? else {
            return Ok(ValidationReport::already_applied().note(LATE));
        };
        let removable = orphans.iter().any(|orphan| !orphan.mark.protect);
        let report = if ctx.prunes() && removable {
            ValidationReport::will_delete()
        } else {
            ValidationReport::already_applied()
        };
        let prunes = ctx.prunes();
        Ok(orphans.iter().fold(report, |report, orphan| report.note(fate(orphan, prunes))))
    }

    async fn sweep(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let Some(orphans) = self.orphans(ctx, on).await? else {
            return Ok(Outcome::skipped(LATE));
        };
        let mut details = Vec::new();
        let mut removed = 0;
        for orphan in &orphans {
            details.push(fate(orphan, ctx.prunes()));
            if ctx.prunes() && !orphan.mark.protect {
                removed += usize::from(self.census.remove(ctx, on, orphan).await?.changed());
            }
        }
        let outcome = match (removed, orphans.len()) {
            (0, 0) => Outcome::noop("no orphans"),
            (0, found) => Outcome::left_in_place(format!("{found} orphans left")),
            (removed, found) => Outcome::success(format!("{removed} of {found} orphans removed")),
        };
        Ok(details.into_iter().fold(outcome, Outcome::detail))
    }
}

const LATE: &str = "orphans cannot be told before every late-bound score is bound";

fn fate(orphan: &Orphan, prunes: bool) -> String {
    let Orphan { claim, mark } = orphan;
    let made = &mark.score;
    match (mark.protect, prunes) {
        (true, _) => format!("orphan {claim}, made by `{made}`: protected, stays"),
        (false, true) => format!("orphan {claim}, made by `{made}`: will be removed"),
        (false, false) => format!("orphan {claim}, made by `{made}`: prune to remove it"),
    }
}

#[async_trait]
impl<T: Sync> Interpret<T> for CensusInterpret<T> {
    async fn validate(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        self.report(ctx, on).await
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        self.sweep(ctx, on).await
    }

    async fn validate_undo(
        &self,
        ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        self.report(ctx, on).await
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        self.sweep(ctx, on).await
    }
}
