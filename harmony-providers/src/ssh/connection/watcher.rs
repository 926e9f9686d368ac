//! What the protocol asks us, and how a connection ended.

use std::sync::{Arc, Mutex, PoisonError};

use russh::{
    client::{DisconnectReason, Handler, Session},
    keys::PublicKeyOrCertificate,
};

use crate::ssh::{
    escape,
    trust::{HostKeyError, HostTrust},
};

/// Checks the host's key and remembers why the connection ended.
#[derive(Debug)]
pub(in crate::ssh) struct Watcher {
    pub(super) host: String,
    pub(super) trust: Arc<HostTrust>,
    pub(super) ending: Ending,
}

/// Why a connection ended, once it has.
#[derive(Clone, Debug, Default)]
pub(in crate::ssh) struct Ending(Arc<Mutex<Option<String>>>);

/// Why no connection came about.
#[derive(Debug)]
pub(in crate::ssh) enum Broken {
    HostKey(HostKeyError),
    Protocol(russh::Error),
}

impl From<russh::Error> for Broken {
    fn from(error: russh::Error) -> Self {
        Self::Protocol(error)
    }
}

impl Ending {
    /// Why, in words that follow a colon.
    pub(super) fn why(&self) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.unwrap_or_else(|| "the connection was closed".to_owned())
    }

    fn set(&self, why: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }
}

impl Handler for Watcher {
    type Error = Broken;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Broken> {
        self.trust.verify(shown).map(|()| true).map_err(Broken::HostKey)
    }

    async fn auth_banner(&mut self, banner: &str, _session: &mut Session) -> Result<(), Broken> {
        log::debug!("{} says before the login: {}", self.host, escape::excerpt(banner.as_bytes()));
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Broken>) -> Result<(), Broken> {
        let why = match reason {
            DisconnectReason::ReceivedDisconnect(said) => {
                format!("the server ended it: {}", escape::line(said.message.as_bytes()))
            }
            DisconnectReason::Error(Broken::Protocol(error)) => error.to_string(),
            DisconnectReason::Error(Broken::HostKey(error)) => error.to_string(),
        };
        log::debug!("the connection to {} ended: {why}", self.host);
        self.ending.set(why);
        Ok(())
    }
}
