//! Waiting for a condition without going blind.

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

use super::Context;
use crate::event::EventKind;

/// What is waited for, how often to look, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Waiting {
    condition: String,
    every: Duration,
    deadline: Option<Duration>,
}

impl Waiting {
    /// Waits for `condition`, looking once a second without a deadline.
    pub fn until(condition: impl Into<String>) -> Self {
        Self { condition: condition.into(), every: Duration::from_secs(1), deadline: None }
    }

    /// Looks this often.
    pub const fn every(mut self, period: Duration) -> Self {
        self.every = period;
        self
    }

    /// Gives up waiting, not hoping, after this long.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

/// What one look came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look<T> {
    /// Not yet; what was seen instead.
    NotYet(String),
    /// The condition holds.
    Seen(T),
}

/// Why waiting ended without the condition. It is no verdict: a new run takes the wait up again.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: still not `{condition}` after {waited:?}; last evidence: {}", if *cancelled { "cancelled" } else { "deadline" }, .evidence.as_deref().unwrap_or("none"))]
pub struct WaitError {
    condition: String,
    evidence: Option<String>,
    waited: Duration,
    cancelled: bool,
}

impl WaitError {
    /// Whether the run was cancelled, rather than the deadline reached.
    pub const fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// What was waited for.
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// What was seen last.
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }
}

pub(super) async fn wait<T, E, F, Fut>(ctx: &Context, waiting: Waiting, mut look: F) -> Result<T, E>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Look<T>, E>>,
    E: From<WaitError>,
{
    let Waiting { condition, every, deadline } = waiting;
    let began = Instant::now();
    let mut evidence: Option<(String, Instant)> = None;
    loop {
        let cancelled = tokio::select! {
            biased;
            () = ctx.cancelled() => true,
            seen = look() => match seen? {
                Look::Seen(found) => return Ok(found),
                Look::NotYet(seen) => {
                    // Evidence ages while it stays the same.
                    if evidence.as_ref().is_none_or(|(last, _)| *last != seen) {
                        evidence = Some((seen, Instant::now()));
                    }
                    false
                }
            },
        };
        let waited = began.elapsed();
        if cancelled || deadline.is_some_and(|deadline| waited >= deadline) {
            let evidence = evidence.map(|(text, _)| text);
            return Err(WaitError { condition, evidence, waited, cancelled }.into());
        }
        ctx.emit_for_step(|step| EventKind::Waiting {
            step,
            condition: condition.clone(),
            waited,
            evidence: evidence.as_ref().map(|(text, _)| text.clone()),
            evidence_age: evidence.as_ref().map(|(_, since)| since.elapsed()),
        });
        let pause = deadline.map_or(every, |deadline| every.min(deadline.saturating_sub(waited)));
        tokio::select! {
            () = ctx.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
