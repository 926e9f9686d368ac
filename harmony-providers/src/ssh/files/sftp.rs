//! The SFTP subsystem of a server.

use std::sync::atomic::{AtomicBool, Ordering};

use russh::ChannelMsg;
use russh_sftp::client::{Config, SftpSession};
use tokio::io::duplex;

use crate::ssh::{
    Ssh, SshError,
    connection::{Session, Stay},
    forward::carry,
};

/// Whether the server has it, as far as is known.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Subsystem {
    missing: AtomicBool,
}

impl Ssh {
    /// Opens the subsystem in a session of its own; nothing where the server does not have it.
    pub(super) async fn sftp(&self) -> Result<Option<SftpSession>, SshError> {
        /// As many requests in flight as fill the window of a session.
        const REQUESTS: usize = 64;
        let subsystem = &self.shared.subsystem;
        if subsystem.missing.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut session = self.shared.connection.session(Stay::Brief).await?;
        if !is_given(&mut session).await {
            if session.link().is_alive() {
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
            Ok(sftp) => Ok(Some(sftp)),
            Err(error) => {
                // Configured, and yet not there: its program is missing.
                log::debug!("{}: SFTP does not answer: {error}", self.address());
                subsystem.missing.store(true, Ordering::Relaxed);
                Ok(None)
            }
        }
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
