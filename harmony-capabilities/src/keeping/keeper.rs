//! The worker that all scores of kept things share: look, act, look again.

use async_trait::async_trait;
use harmony_phases::{
    Context, Interpret, InterpretError, InterpretErrorKind, Outcome, Status, ValidationReport,
    ownership::{Custody, Mark},
};

use super::{Item, Marked, judge};

/// How the wanted thing of one score is read, written and removed on a `T`.
#[async_trait]
pub(crate) trait Keep<T: Sync>: Send + Sync {
    type Item: Item;
    type Error: Into<InterpretError> + Send;

    /// The thing as the score describes it.
    fn declared(&self) -> Self::Item;
    fn custody(&self) -> Custody;
    fn schema(&self) -> u32;

    /// The thing as the service would have it, where it has one of its key already.
    async fn wanted(&self, _ctx: &Context, _on: &T) -> Result<Self::Item, Self::Error> {
        Ok(self.declared())
    }
    /// Everything of the kind that the service has, or all that matters here.
    async fn kept(&self, on: &T) -> Result<Vec<Marked<Self::Item>>, Self::Error>;
    /// Makes the service have the wanted thing, in place of what has its key.
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), Self::Error>;
    /// Makes the service have nothing of the wanted thing's key.
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), Self::Error>;
}

/// The worker of a score.
#[derive(Debug)]
pub(crate) struct Keeper<K>(pub(crate) K);

#[async_trait]
impl<T: Sync, K: Keep<T> + std::fmt::Debug> Interpret<T> for Keeper<K> {
    async fn validate(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        let kept = self.0.kept(on).await.map_err(Into::into)?;
        let declared = self.0.declared();
        let exists = judge::of_key(&declared, &kept).next().is_some();
        let wanted =
            if exists { self.0.wanted(ctx, on).await.map_err(Into::into)? } else { declared };
        Ok(judge::forward(ctx, &wanted, self.0.custody(), &kept))
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let report = self.validate(ctx, on).await?;
        match &report.status {
            Status::AlreadyApplied => return Ok(Outcome::noop("is as described")),
            Status::Blocked(reason) => return Err(blocked(reason)),
            _ => {}
        }
        let mark = ctx.mark().schema(self.0.schema()).protect(self.0.custody().protect);
        self.0.put(ctx, on, &mark).await.map_err(Into::into)?;
        // What a service acknowledges and what it has are two things.
        if !self.validate(ctx, on).await?.is_already_applied() {
            return Err(unconfirmed("bring it about", &self.0.declared()));
        }
        let done = Outcome::success(match report.status {
            Status::WillCreate => "created",
            _ => "updated",
        });
        Ok(report.details.iter().map(ToString::to_string).fold(done, Outcome::detail))
    }

    async fn validate_undo(
        &self,
        ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        let kept = self.0.kept(on).await.map_err(Into::into)?;
        Ok(judge::back(ctx, &self.0.declared(), self.0.custody(), &kept))
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let report = self.validate_undo(ctx, on).await?;
        if let Some(reason) = judge::left_in_place(&report) {
            return Ok(Outcome::left_in_place(reason));
        }
        if report.is_already_applied() {
            return Ok(Outcome::noop("is not there"));
        }
        self.0.take_away(ctx, on).await.map_err(Into::into)?;
        if !self.validate_undo(ctx, on).await?.is_already_applied() {
            return Err(unconfirmed("take it away", &self.0.declared()));
        }
        Ok(Outcome::success("removed").detail(self.0.declared().to_string()))
    }
}

fn blocked(reason: &str) -> InterpretError {
    InterpretError::new(InterpretErrorKind::Blocked, reason)
}

fn unconfirmed<I: Item>(verb: &str, wanted: &I) -> InterpretError {
    let (kind, key) = (I::KIND, wanted.key());
    InterpretError::new(
        InterpretErrorKind::Unknown,
        format!("{verb}: the service said so of {kind} `{key}`, but a look does not confirm it"),
    )
    .remedy("run again; if it stays so, see the service's own log")
}
