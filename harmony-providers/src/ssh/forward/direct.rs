//! Channels of the protocol that lead to a socket or a port.

use std::sync::Arc;

use russh::{ChannelReadHalf, ChannelWriteHalf, client::Msg};

use super::way::Remote;
use crate::ssh::connection::Link;

/// An open channel, which is closed when it is dropped.
pub(super) struct Direct {
    pub(super) reader: ChannelReadHalf,
    pub(super) writer: Arc<ChannelWriteHalf<Msg>>,
    _link: Arc<Link>,
}

impl Direct {
    pub(super) async fn open(link: Arc<Link>, remote: &Remote) -> Result<Self, russh::Error> {
        let handle = link.handle();
        let channel = match remote {
            Remote::Socket(path) => handle.channel_open_direct_streamlocal(path.as_str()).await?,
            Remote::Port { host, port } => {
                let port = u32::from(port.number());
                handle.channel_open_direct_tcpip(host.as_str(), port, "127.0.0.1", 0).await?
            }
        };
        let (reader, writer) = channel.split();
        Ok(Self { reader, writer: Arc::new(writer), _link: link })
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let writer = Arc::clone(&self.writer);
            drop(runtime.spawn(async move { drop(writer.close().await) }));
        }
    }
}
