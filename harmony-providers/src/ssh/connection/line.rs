//! A connection that is opened again when it is lost.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use backon::{ExponentialBuilder, Retryable};
use russh::keys::PublicKey;
use tokio::sync::Mutex as AsyncMutex;

use super::{dial::dial, link::Link, plan::Plan};
use crate::ssh::{SshError, SshErrorKind};

/// The current connection of one plan.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Line {
    current: Mutex<Option<Arc<Link>>>,
    opening: AsyncMutex<()>,
    opened: AtomicU64,
    /// The key that was accepted last: the first to be tried again.
    accepted: Mutex<Option<PublicKey>>,
}

impl Line {
    /// The open connection, or a new one. The first one is tried once; one that was lost is tried
    /// again for a while, as a host that restarts sshd is back soon.
    pub(in crate::ssh) async fn link(&self, plan: &Plan) -> Result<Arc<Link>, SshError> {
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let _only_one = self.opening.lock().await;
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let link = if self.opened() == 0 {
            dial(plan, None).await?
        } else {
            let likely = self.accepted().clone();
            let again = (|| dial(plan, likely.as_ref()))
                .retry(patience())
                .when(|error| error.kind() == SshErrorKind::Unreachable)
                .notify(|error, pause| log::info!("{error}; trying again in {pause:?}"))
                .await?;
            log::info!("connected to {} again", again.place());
            again
        };
        self.accepted().clone_from(&link.login().key);
        let link = Arc::new(link);
        self.opened.fetch_add(1, Ordering::Relaxed);
        *self.slot() = Some(Arc::clone(&link));
        Ok(link)
    }

    /// The connection, where one is open.
    pub(in crate::ssh) fn current(&self) -> Option<Arc<Link>> {
        let mut slot = self.slot();
        if slot.as_ref().is_some_and(|link| !link.is_alive()) {
            *slot = None;
        }
        slot.clone()
    }

    /// How many times it was opened.
    pub(in crate::ssh) fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    fn accepted(&self) -> MutexGuard<'_, Option<PublicKey>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Eight more attempts within about fifteen seconds: a network that was cut for a moment or an
/// sshd that restarts is back by then.
fn patience() -> ExponentialBuilder {
    use std::time::Duration;
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(4))
        .with_max_times(8)
        .with_jitter()
}
