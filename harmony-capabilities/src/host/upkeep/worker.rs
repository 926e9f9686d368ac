//! The worker that all scores of a host share: look, act, look again.

use std::fmt;

use async_trait::async_trait;
use harmony_phases::{
    Context, Describe, Interpret, InterpretError, InterpretErrorKind, Outcome, Status,
    ValidationReport,
    ownership::{Custody, Mark},
    score::Detail,
};
use serde::Serialize;

use crate::host::HostError;

/// How the wanted thing of one score is looked at, brought about and taken away on a `T`.
#[async_trait]
pub(in crate::host) trait Upkeep<T: Sync>:
    Describe + fmt::Debug + Send + Sync
{
    /// Everything that a look finds.
    type Found: Send + Sync;

    /// The version of the score's form, for the mark.
    fn schema(&self) -> u32;

    /// What the score says about whose the thing is.
    fn custody(&self) -> Custody {
        Custody::default()
    }

    /// Looks; everything is asked for in one tick, so that a provider can answer it in one round trip.
    async fn find(&self, ctx: &Context, on: &T) -> Result<Self::Found, InterpretError>;

    /// What would bring the thing about.
    async fn forward(
        &self,
        ctx: &Context,
        on: &T,
        found: &Self::Found,
    ) -> Result<ValidationReport, InterpretError>;

    /// Brings the thing about.
    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        found: &Self::Found,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// What would take the thing away.
    async fn back(
        &self,
        ctx: &Context,
        on: &T,
        found: &Self::Found,
    ) -> Result<ValidationReport, InterpretError>;

    /// Takes the thing away, or says why it has to stay.
    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        found: &Self::Found,
    ) -> Result<Option<String>, HostError>;
}

/// The worker of a score.
#[derive(Debug)]
pub(in crate::host) struct Worker<S>(pub(in crate::host) S);

#[async_trait]
impl<T: Sync, S: Upkeep<T>> Interpret<T> for Worker<S> {
    async fn validate(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        let found = self.0.find(ctx, on).await?;
        self.0.forward(ctx, on, &found).await
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let found = self.0.find(ctx, on).await?;
        let report = self.0.forward(ctx, on, &found).await?;
        match &report.status {
            Status::AlreadyApplied => return Ok(Outcome::noop("is as described")),
            Status::Blocked(reason) => {
                return Err(InterpretError::new(InterpretErrorKind::Blocked, reason));
            }
            _ => {}
        }
        let mark = Mark::new(ctx.site().clone(), step(ctx, &self.0))
            .schema(self.0.schema())
            .protect(self.0.custody().protect);
        self.0.bring_about(ctx, on, &found, &mark).await?;
        // What a host acknowledges and what it has are two things.
        if !self.validate(ctx, on).await?.is_already_applied() {
            return Err(unconfirmed(&self.0, "bring about"));
        }
        let done = Outcome::success(match report.status {
            Status::WillCreate => "created",
            Status::WillDelete => "removed",
            Status::WillUpdate => "updated",
            _ => "done",
        });
        Ok(report.details.iter().map(Detail::to_string).fold(done, Outcome::detail))
    }

    async fn validate_undo(
        &self,
        ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        let found = self.0.find(ctx, on).await?;
        self.0.back(ctx, on, &found).await
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let found = self.0.find(ctx, on).await?;
        let report = self.0.back(ctx, on, &found).await?;
        match &report.status {
            Status::Blocked(reason) => return Ok(Outcome::left_in_place(reason)),
            Status::AlreadyApplied => return Ok(untouched(&report)),
            _ => {}
        }
        if let Some(reason) = self.0.take_away(ctx, on, &found).await? {
            return Ok(Outcome::left_in_place(reason));
        }
        if !self.validate_undo(ctx, on).await?.is_already_applied() {
            return Err(unconfirmed(&self.0, "take away"));
        }
        let done = Outcome::success("removed");
        Ok(report.details.iter().map(Detail::to_string).fold(done, Outcome::detail))
    }
}

/// A teardown that has nothing to do: because there is nothing, or because what is there stays.
fn untouched(report: &ValidationReport) -> Outcome {
    match report.details.first() {
        Some(why) => Outcome::left_in_place(why.to_string()),
        None => Outcome::noop("is not there"),
    }
}

/// The step that acts, or the score's own name outside a pipeline.
fn step(ctx: &Context, score: &(impl Describe + ?Sized)) -> String {
    ctx.step().map_or_else(|| score.name(), ToString::to_string)
}

fn unconfirmed(score: &(impl Describe + ?Sized), verb: &str) -> InterpretError {
    let what =
        format!("{verb} `{}`: the host said so, but a look does not confirm it", score.name());
    InterpretError::new(InterpretErrorKind::Unknown, what).remedy(
        "run again; if it stays so, look whether something else on the host changes it back",
    )
}

/// A score's description as data.
pub(in crate::host) fn value(score: &impl Serialize) -> serde_json::Value {
    // invariant: its keys are texts, its fields numbers, texts and lists, so it has a JSON form.
    serde_json::to_value(score).unwrap_or_default()
}
