//! A promotion that nobody disturbs, for the others to be like.

use anyhow::{Result, ensure};
use harmony_providers::ssh::Deadlines;
use tokio::sync::OnceCell;

use super::super::lab::told;
use super::bare::Bare;
use super::state::State;
use super::watch::{Span, Watch};

/// What such a promotion does, and where it leads.
#[derive(Debug)]
pub(super) struct Whole {
    /// Its effects, and how many bytes each of them takes.
    pub(super) effects: Vec<Span>,
    /// What the host is like afterwards.
    pub(super) state: State,
}

impl Whole {
    /// Seen once, for all tests.
    pub(super) async fn seen() -> Result<&'static Self> {
        static SEEN: OnceCell<Whole> = OnceCell::const_new();
        SEEN.get_or_try_init(Self::see).await
    }

    async fn see() -> Result<Self> {
        let bare = Bare::start()?;
        let watch = Watch::of(&bare.wire);
        let run = bare.run(Deadlines::default(), watch.clone()).await;
        run.map_err(|stopped| anyhow::anyhow!("an uncut run: {}", told(&*stopped)))?;
        bare.converges().await?;
        let effects = watch.spans();
        ensure!(effects.len() > 5, "the promotion had these effects only: {effects:?}");
        Ok(Self { effects, state: State::of(bare.host())? })
    }
}
