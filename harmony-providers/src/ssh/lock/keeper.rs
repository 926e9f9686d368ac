//! Keeping the lock.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use harmony_capabilities::host::CommandExecution;
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval},
};

use super::take::SILENCE;
use crate::ssh::{Ssh, exec::Held};

/// The lock on a host, for as long as this or the connection is kept.
#[derive(Clone, Debug)]
#[must_use]
pub struct HostLock {
    keeper: Arc<Keeper>,
}

impl HostLock {
    pub(super) const fn new(keeper: Arc<Keeper>) -> Self {
        Self { keeper }
    }

    /// Whether it is still held, as far as is known here.
    pub fn is_held(&self) -> bool {
        self.keeper.is_held()
    }
}

/// What keeps the lock.
#[derive(Debug)]
pub(super) enum Keeper {
    /// A command on the host, and the task that keeps it alive.
    Command { held: Arc<AtomicBool>, task: JoinHandle<()> },
    /// Another connection of the same run; looked at again after a while.
    Sibling { seen: Instant },
}

impl Keeper {
    pub(super) fn of(ssh: &Ssh, command: Held) -> Self {
        let held = Arc::new(AtomicBool::new(true));
        let place = ssh.place();
        let flag = Arc::clone(&held);
        let task = tokio::spawn(async move {
            keep(command).await;
            flag.store(false, Ordering::Release);
            log::info!("the lock on {place} is no longer held");
        });
        Self::Command { held, task }
    }

    pub(super) fn of_sibling() -> Self {
        Self::Sibling { seen: Instant::now() }
    }

    pub(super) fn is_held(&self) -> bool {
        match self {
            Self::Command { held, .. } => held.load(Ordering::Acquire),
            Self::Sibling { seen } => seen.elapsed() < SILENCE / 4,
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // The session is dropped with the task: the command's input ends, and so does the command.
        if let Self::Command { task, .. } = self {
            task.abort();
        }
    }
}

/// Gives signs of life until the command has ended.
async fn keep(mut command: Held) {
    let mut signs = interval(SILENCE / 4);
    signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let session = &mut command.session;
    loop {
        tokio::select! {
            message = session.reader.wait() => match message {
                None | Some(russh::ChannelMsg::Close | russh::ChannelMsg::Eof) => return,
                Some(_) => {}
            },
            _ = signs.tick() => {
                if session.writer.data_bytes(b".".to_vec()).await.is_err() {
                    return;
                }
            }
        }
    }
}
