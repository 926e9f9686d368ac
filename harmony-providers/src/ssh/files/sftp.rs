//! The SFTP subsystem of a server.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use harmony_capabilities::host::{CommandExecution as _, HostError, HostErrorKind};

use russh::ChannelMsg;
use russh_sftp::client::{Config, SftpSession};
use tokio::io::duplex;

use crate::ssh::{
    Ssh, SshError,
    connection::{Link, Session, Stay},
    escape,
    forward::carry,
};

/// Whether the server has it, as far as is known.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Subsystem {
    missing: AtomicBool,
}

/// The subsystem, and the connection that it lives and dies with.
pub(super) struct Sftp {
    pub(super) session: SftpSession,
    link: Arc<Link>,
}

impl Sftp {
    /// Whether it can still be asked, as far as is known.
    pub(super) fn is_alive(&self) -> bool {
        self.link.is_alive()
    }
}

impl Ssh {
    /// Opens the subsystem in a session of its own; nothing where the server does not have it.
    pub(super) async fn sftp(&self) -> Result<Option<Sftp>, SshError> {
        /// As many requests in flight as fill the window of a session.
        const REQUESTS: usize = 64;
        let subsystem = &self.shared.subsystem;
        if subsystem.missing.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut session = self.shared.connection.session(Stay::Brief).await?;
        let link = Arc::clone(session.link());
        if !is_given(&mut session).await {
            if link.is_alive() {
                log::debug!("{} has no SFTP: files go through commands", self.address());
                subsystem.missing.store(true, Ordering::Relaxed);
            }
            return Ok(None);
        }
        let (near, far) = duplex(ROOM);
        tokio::spawn(async move {
            let Session { reader, writer, .. } = &mut session;
            carry(far, reader, writer, &[]).await;
        });
        let config = Config {
            max_concurrent_reads: REQUESTS,
            max_concurrent_writes: REQUESTS,
            request_timeout_secs: 60,
            ..Config::default()
        };
        match SftpSession::new_with_config(near, config).await {
            Ok(session) => Ok(Some(Sftp { session, link })),
            Err(error) => {
                log::debug!("{}: SFTP does not answer: {error}", self.address());
                // Configured, and yet not there: its program is missing. Or the connection ended.
                subsystem.missing.store(link.is_alive(), Ordering::Relaxed);
                Ok(None)
            }
        }
    }

    /// What SFTP could not do; `lost` is what it means that the connection ended under it.
    pub(super) fn sftp_failed(
        &self,
        sftp: &Sftp,
        what: String,
        lost: HostErrorKind,
        error: io::Error,
    ) -> HostError {
        if !sftp.is_alive() {
            let why = format!("the connection was lost in the middle: {}", sftp.link.why());
            return HostError::new(lost, what)
                .at(self.place())
                .remedy("run again: half a file is never taken for the whole")
                .caused_by(io::Error::other(why));
        }
        let said = error.to_string();
        let kind = if said.contains("Permission denied") {
            HostErrorKind::Denied
        } else if said.contains("No such file") {
            HostErrorKind::NotFound
        } else {
            HostErrorKind::Failed
        };
        let cause = io::Error::other(escape::line(said.as_bytes()));
        HostError::new(kind, what).at(self.place()).caused_by(cause)
    }
}

/// How much waits between the protocol and the session.
const ROOM: usize = 256 * 1024;

/// Whether the server starts the subsystem.
async fn is_given(session: &mut Session) -> bool {
    if session.writer.request_subsystem(true, "sftp").await.is_err() {
        return false;
    }
    while let Some(message) = session.reader.wait().await {
        match message {
            ChannelMsg::Success => return true,
            ChannelMsg::Failure | ChannelMsg::Close => return false,
            _ => {}
        }
    }
    false
}
