//! A score that runs only where its condition holds.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{Interpret, InterpretError, Outcome, Score, ValidationReport};
use crate::{Context, Describe, describe::describe_like};

type Condition<T> = Arc<dyn Fn(&T) -> bool + Send + Sync>;

/// A score that runs only where its condition holds; made by `Pipeline::run_if`.
///
/// It is undone whatever the condition says today: it may have held on the day it ran.
pub struct Conditional<T, S> {
    when: Condition<T>,
    score: S,
}

impl<T, S> Conditional<T, S> {
    pub(crate) fn new(when: impl Fn(&T) -> bool + Send + Sync + 'static, score: S) -> Self {
        Self { when: Arc::new(when), score }
    }
}

impl<T, S: fmt::Debug> fmt::Debug for Conditional<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conditional").field("score", &self.score).finish_non_exhaustive()
    }
}

impl<T, S: Describe> Describe for Conditional<T, S> {
    describe_like!(self => self.score);
}

impl<T: Sync + 'static, S: Score<T>> Score<T> for Conditional<T, S> {
    fn to_value(&self) -> serde_json::Value {
        self.score.to_value()
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        let when = Arc::clone(&self.when);
        Box::new(ConditionalInterpret { when, inner: self.score.create_interpret() })
    }
}

struct ConditionalInterpret<T> {
    when: Condition<T>,
    inner: Box<dyn Interpret<T>>,
}

impl<T> fmt::Debug for ConditionalInterpret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionalInterpret").finish_non_exhaustive()
    }
}

#[async_trait]
impl<T: Sync + 'static> Interpret<T> for ConditionalInterpret<T> {
    async fn validate(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        if (self.when)(on) {
            self.inner.validate(ctx, on).await
        } else {
            Ok(ValidationReport::already_applied().note("its condition does not hold"))
        }
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        if (self.when)(on) {
            self.inner.execute(ctx, on).await
        } else {
            Ok(Outcome::skipped("its condition does not hold"))
        }
    }

    async fn validate_undo(
        &self,
        ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        self.inner.validate_undo(ctx, on).await
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        self.inner.undo(ctx, on).await
    }
}
