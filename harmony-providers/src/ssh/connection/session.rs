//! One session: a channel in which one command runs.

use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
};

use russh::{Channel, ChannelReadHalf, ChannelWriteHalf, client::Msg};
use tokio::sync::OwnedSemaphorePermit;

use super::link::Link;

/// How long a session is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ssh) enum Stay {
    /// For one command: others may wait for its end.
    Brief,
    /// For as long as the connection is of use: nobody waits for its end.
    Held,
}

/// An open session, which is closed when it is dropped.
pub(in crate::ssh) struct Session {
    /// Where the host's messages come from.
    pub(in crate::ssh) reader: ChannelReadHalf,
    /// Where ours go.
    pub(in crate::ssh) writer: Arc<ChannelWriteHalf<Msg>>,
    link: Arc<Link>,
    stay: Stay,
    slot: Option<OwnedSemaphorePermit>,
}

impl Session {
    pub(super) fn new(
        channel: Channel<Msg>,
        link: Arc<Link>,
        slot: Option<OwnedSemaphorePermit>,
        stay: Stay,
    ) -> Self {
        link.slots.count(stay).fetch_add(1, Ordering::Relaxed);
        let (reader, writer) = channel.split();
        Self { reader, writer: Arc::new(writer), link, stay, slot }
    }

    /// The connection it runs in.
    pub(in crate::ssh) fn link(&self) -> &Arc<Link> {
        &self.link
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let slots = Arc::clone(&self.link.slots);
        let (writer, slot, stay) = (Arc::clone(&self.writer), self.slot.take(), self.stay);
        let done = move || {
            drop(slot);
            slots.count(stay).fetch_sub(1, Ordering::Relaxed);
            slots.ended.notify_one();
        };
        // The server has closed it, or has to be told; closing twice does nothing.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                drop(writer.close().await);
                done();
            })),
            Err(_) => done(),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("in", &self.link)
            .field("stay", &self.stay)
            .finish_non_exhaustive()
    }
}
