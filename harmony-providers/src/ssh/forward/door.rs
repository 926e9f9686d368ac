//! The local end: where connections come in.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

use super::{
    carry::carry,
    direct::Direct,
    way::{Remote, Way},
};
use crate::ssh::{Ssh, SshError, SshErrorKind as Kind};

/// Where connections come in.
#[derive(Debug)]
pub(super) enum Door {
    Port(TcpListener),
    Socket(UnixListener),
}

trait Guest: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Guest for T {}

impl Door {
    async fn accept(&self) -> io::Result<Box<dyn Guest>> {
        Ok(match self {
            Self::Port(listener) => Box::new(listener.accept().await?.0),
            Self::Socket(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

/// A task that ends when this is dropped, and with it everything it carries.
#[derive(Debug)]
pub(super) struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Carries every connection that comes in at `door` to `remote`.
pub(super) fn serve(ssh: Ssh, remote: Remote, way: Way, door: Door) -> Serving {
    Serving(tokio::spawn(async move {
        let mut guests = JoinSet::new();
        loop {
            tokio::select! {
                guest = door.accept() => match guest {
                    Ok(guest) => {
                        let (ssh, remote, way) = (ssh.clone(), remote.clone(), way.clone());
                        guests.spawn(async move {
                            if let Err(error) = host(&ssh, &remote, &way, guest).await {
                                log::warn!("{error}");
                            }
                        });
                    }
                    Err(error) => {
                        // Out of file descriptors, most likely: they come back.
                        log::warn!("a connection to {remote} could not come in: {error}");
                        sleep(Duration::from_millis(100)).await;
                    }
                },
                Some(_) = guests.join_next() => {}
            }
        }
    }))
}

/// Carries one connection.
async fn host(
    ssh: &Ssh,
    remote: &Remote,
    way: &Way,
    guest: Box<dyn Guest>,
) -> Result<(), SshError> {
    match way {
        Way::Direct => {
            let link = ssh.shared.connection.link().await?;
            let opened = Direct::open(link, remote).await;
            let mut channel = opened.map_err(|error| {
                SshError::new(Kind::Failed, format!("connect to {remote}"))
                    .at(ssh.shared.connection.plan().place())
                    .caused_by(error)
            })?;
            let Direct { reader, writer, .. } = &mut channel;
            carry(guest, reader, writer, &[]).await;
        }
        Way::Bridge(command) => {
            let mut held = ssh.hold(command).await?;
            let session = &mut held.session;
            carry(guest, &mut session.reader, &session.writer, &held.first).await;
        }
    }
    Ok(())
}
