//! Something happens to a host while an effect is under way there.

use anyhow::{Context as _, Result};
use e2e::host::TestHost;
use harmony_phases::event::{EventBus, EventKind};

use super::lab::{Site, Way};

/// What happens to it.
pub(crate) type Strike = fn(&TestHost) -> Result<()>;

/// Runs `site`, and does `strike` once its first step has begun; what the run came to, in words.
pub(crate) async fn during(
    way: &Way,
    site: Site,
    host: &TestHost,
    strike: Strike,
) -> Result<Result<(), String>> {
    let events = EventBus::default();
    let mut stream = events.follow();
    let running = {
        let way = way.clone();
        tokio::spawn(async move { way.run_with(site, &events).await })
    };
    while let Some(event) = stream.next().await {
        if matches!(event.kind, EventKind::StepStarted { .. }) {
            tokio::task::block_in_place(|| strike(host))?;
            break;
        }
    }
    let came = running.await.context("the run panicked")?;
    Ok(came.map(drop).map_err(|error| error.to_string()))
}
