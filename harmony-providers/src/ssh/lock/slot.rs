//! The lock of one connection.

use std::sync::Arc;

use harmony_capabilities::host::CommandExecution;
use harmony_phases::{Context, Intent};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{HostLock, holder::Holder, keeper::Keeper, take};
use crate::ssh::{Ssh, SshError};

/// Where a connection keeps its lock, once it has it.
#[derive(Debug)]
pub(in crate::ssh) struct Slot {
    connection: Uuid,
    keeper: Mutex<Option<Arc<Keeper>>>,
}

impl Default for Slot {
    fn default() -> Self {
        Self { connection: Uuid::new_v4(), keeper: Mutex::default() }
    }
}

impl Ssh {
    /// Takes the lock on the host, which a changing command takes by itself: nobody else changes the host through
    /// Harmony for as long as this connection is kept. Taking it twice does nothing.
    ///
    /// # Errors
    /// When somebody else holds it, with kind [`Busy`](crate::ssh::SshErrorKind::Busy) and who it is; when the host
    /// has no place for it.
    pub async fn lock(&self, ctx: &Context) -> Result<HostLock, SshError> {
        let mut slot = self.shared.lock.keeper.lock().await;
        if let Some(keeper) = slot.as_ref().filter(|keeper| keeper.is_held()) {
            return Ok(HostLock::new(Arc::clone(keeper)));
        }
        let me = Holder::this(ctx, self.shared.lock.connection);
        let taken: Result<Keeper, SshError> = ctx
            .effect(Intent::new("lock host", self.place()), async |permit| {
                take::take(self, &permit, &me).await
            })
            .await;
        let keeper = Arc::new(taken?);
        *slot = Some(Arc::clone(&keeper));
        Ok(HostLock::new(keeper))
    }
}
