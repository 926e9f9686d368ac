//! The connection to a host as its users see it: sessions, whatever the server allows.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{
    line::Line,
    link::{Link, NoSession},
    plan::Plan,
    session::{Session, Stay},
};
use crate::ssh::{SshError, SshErrorKind as Kind};

/// The one connection to a host.
///
/// A server may give a single session (`MaxSessions 1`) while the host's lock is held in it. Then,
/// and only then, commands go over a second connection.
#[derive(Debug)]
pub(in crate::ssh) struct Connection {
    plan: Plan,
    first: Line,
    second: Line,
    narrow: AtomicBool,
}

impl Connection {
    /// Opens it.
    pub(in crate::ssh) async fn open(plan: Plan) -> Result<Self, SshError> {
        let first = Line::default();
        first.link(&plan).await?;
        Ok(Self { plan, first, second: Line::default(), narrow: AtomicBool::new(false) })
    }

    /// The way it takes.
    pub(in crate::ssh) const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The open connection, or a new one after the old one was lost.
    pub(in crate::ssh) async fn link(&self) -> Result<Arc<Link>, SshError> {
        self.first.link(&self.plan).await
    }

    /// The connection, where it is open.
    pub(in crate::ssh) fn current(&self) -> Option<Arc<Link>> {
        self.first.current()
    }

    /// A session, opened anew as often as the connection is lost before it begins.
    pub(in crate::ssh) async fn session(&self, stay: Stay) -> Result<Session, SshError> {
        const LOSSES: usize = 3;
        let mut lost = String::new();
        for _ in 0..LOSSES {
            let aside = stay == Stay::Brief && self.narrow.load(Ordering::Relaxed);
            let line = if aside { &self.second } else { &self.first };
            match line.link(&self.plan).await?.session(stay).await {
                Ok(session) => return Ok(session),
                // What is held takes the one session of a connection: the next such thing needs another one.
                Err(NoSession::Full) if stay == Stay::Held => {
                    return self.session_aside(stay).await;
                }
                Err(NoSession::Full) if !aside => {
                    log::info!(
                        "{} gives one session only: opening a second connection",
                        self.place()
                    );
                    self.narrow.store(true, Ordering::Relaxed);
                }
                Err(NoSession::Lost(why)) => lost = why,
                Err(NoSession::Full) => return Err(self.refused("it gives no more")),
                Err(NoSession::Refused(error)) => return Err(self.refused(error)),
            }
        }
        Err(SshError::new(Kind::Unreachable, "open a session")
            .at(self.place())
            .remedy("the connection is lost as soon as it is open: look at the log of sshd there")
            .caused_by(lost))
    }

    /// A session in a connection of its own, for when the others are all taken.
    pub(in crate::ssh) async fn session_aside(&self, stay: Stay) -> Result<Session, SshError> {
        let link = Line::default().link(&self.plan).await?;
        link.session(stay).await.map_err(|_| self.refused("it gives no session at all"))
    }

    fn refused(
        &self,
        why: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
    ) -> SshError {
        SshError::new(Kind::Unsupported, "open a session")
            .at(self.place())
            .remedy("sshd there refuses every session: look at MaxSessions in its configuration")
            .caused_by(why)
    }

    fn place(&self) -> String {
        self.plan.place()
    }
}
