//! Looking at a segment's scores side by side.

use std::ops::Range;

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::bound::Bound;
use crate::{Context, InterpretError, ValidationReport};

/// How many looks are under way at once, and so how large a coalesced read may get.
const WINDOW: usize = 1024;

pub(super) type Judged = Result<ValidationReport, InterpretError>;

/// Which of an interpret's looks.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Forward,
    Back,
}

impl<T: Sync> Bound<'_, T> {
    /// Looks at all of `range` side by side, so that a provider can answer their reads together.
    pub(super) async fn validate(
        &self,
        ctx: &Context,
        on: &T,
        range: Range<usize>,
        look: Look,
    ) -> Vec<Judged> {
        let mut judged: Vec<_> =
            range.clone().map(|_| Ok(ValidationReport::will_execute())).collect();
        let (mut under_way, mut next) = (FuturesUnordered::new(), range.start);
        loop {
            while next < range.end && under_way.len() < WINDOW {
                under_way.push(self.validate_one(ctx, on, next, look));
                next += 1;
            }
            match under_way.next().await {
                Some((index, verdict)) => judged[index - range.start] = verdict,
                None => return judged,
            }
        }
    }

    async fn validate_one(
        &self,
        ctx: &Context,
        on: &T,
        index: usize,
        look: Look,
    ) -> (usize, Judged) {
        let ctx = ctx.for_step(&self.id(index));
        let interpret = self.score(index).create_interpret();
        let judged = match look {
            Look::Forward => interpret.validate(&ctx, on).await,
            Look::Back => interpret.validate_undo(&ctx, on).await,
        };
        (index, judged)
    }
}
