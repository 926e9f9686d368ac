//! One open connection.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use russh::{Error, client::Handle};
use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, sleep},
};

use super::{
    session::{Session, Stay},
    watcher::{Ending, Watcher},
};
use crate::ssh::login::LoggedIn;

/// An open connection to a host, with a login.
pub(in crate::ssh) struct Link {
    handle: Handle<Watcher>,
    place: String,
    ending: Ending,
    login: LoggedIn,
    pub(super) slots: Arc<Slots>,
    /// The connection that carries this one.
    _via: Option<Box<Self>>,
}

/// How many sessions of a connection are in use.
///
/// The server has a limit of its own (`MaxSessions`) that it does not tell: a session that is
/// refused waits for one of ours to end.
#[derive(Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    brief: AtomicUsize,
    held: AtomicUsize,
    pub(super) ended: Notify,
}

/// Why a connection gave no session.
#[derive(Debug)]
pub(super) enum NoSession {
    /// The connection is lost; nothing was begun.
    Lost(String),
    /// The server gives no more than those that are held for long.
    Full,
    /// The server gives none at all.
    Refused(Error),
}

impl Link {
    pub(super) fn new(
        handle: Handle<Watcher>,
        place: String,
        ending: Ending,
        login: LoggedIn,
        sessions: usize,
        via: Option<Self>,
    ) -> Self {
        let slots = Slots {
            free: Arc::new(Semaphore::new(sessions)),
            brief: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            ended: Notify::new(),
        };
        Self { handle, place, ending, login, slots: Arc::new(slots), _via: via.map(Box::new) }
    }

    /// The protocol's own handle, for channels that are no sessions.
    pub(in crate::ssh) fn handle(&self) -> &Handle<Watcher> {
        &self.handle
    }

    /// The host, as an error names it.
    pub(in crate::ssh) fn place(&self) -> &str {
        &self.place
    }

    /// How the login was done.
    pub(in crate::ssh) fn login(&self) -> &LoggedIn {
        &self.login
    }

    /// Whether it can still be used, as far as is known.
    pub(in crate::ssh) fn is_alive(&self) -> bool {
        !self.handle.is_closed()
    }

    /// Why it ended.
    pub(in crate::ssh) fn why(&self) -> String {
        self.ending.why()
    }

    /// Opens a session, waiting for one of ours to end where the server gives no more.
    pub(super) async fn session(self: &Arc<Self>, stay: Stay) -> Result<Session, NoSession> {
        let slot = match stay {
            Stay::Brief => {
                let free = Arc::clone(&self.slots.free).acquire_owned().await;
                // invariant: the semaphore is never closed.
                Some(free.map_err(|_| NoSession::Full)?)
            }
            // Nobody could wait for the end of one that is held.
            Stay::Held => None,
        };
        let mut patience = Patience::default();
        loop {
            match self.handle.channel_open_session().await {
                Ok(channel) => return Ok(Session::new(channel, Arc::clone(self), slot, stay)),
                Err(refusal @ Error::ChannelOpenFailure(_)) => {
                    let pause = patience.next(&self.slots);
                    let pause = pause.ok_or_else(|| self.slots.judge(refusal))?;
                    tokio::select! {
                        () = self.slots.ended.notified() => {}
                        () = sleep(pause) => {}
                    }
                }
                Err(_) => return Err(NoSession::Lost(self.ending.why())),
            }
        }
    }
}

/// How long a refused session is asked for again.
///
/// The server counts a session until it has buried its process, a little after we have seen it
/// end; so the last refusal is not the last word.
#[derive(Debug, Default)]
struct Patience {
    alone_since: Option<Instant>,
    pause: Duration,
}

impl Patience {
    const FIRST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_millis(500);
    /// How long the server may refuse while none of ours runs.
    const ALONE: Duration = Duration::from_secs(3);
    /// The same, where sessions that are held explain it.
    const HELD: Duration = Duration::from_millis(200);

    /// The next pause, or none when waiting has become pointless.
    fn next(&mut self, slots: &Slots) -> Option<Duration> {
        if slots.brief.load(Ordering::Relaxed) > 0 {
            self.alone_since = None;
        } else {
            let held = slots.held.load(Ordering::Relaxed) > 0;
            let since = *self.alone_since.get_or_insert_with(Instant::now);
            let most = if held { Self::HELD } else { Self::ALONE };
            if since.elapsed() >= most {
                return None;
            }
        }
        self.pause = (self.pause * 2).clamp(Self::FIRST, Self::LONGEST);
        Some(self.pause)
    }
}

impl Slots {
    pub(super) fn count(&self, stay: Stay) -> &AtomicUsize {
        match stay {
            Stay::Brief => &self.brief,
            Stay::Held => &self.held,
        }
    }

    fn judge(&self, refusal: Error) -> NoSession {
        let held = self.held.load(Ordering::Relaxed) > 0;
        if held { NoSession::Full } else { NoSession::Refused(refusal) }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("place", &self.place).finish_non_exhaustive()
    }
}
