//! Following a run while it goes on.

use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use super::Event;
use crate::sync::lock;

/// Where events are sent, and where they can be followed; clones are the same bus.
///
/// Nothing is dropped: a follower that falls behind makes the stream longer, not the run slower.
#[derive(Clone, Debug, Default)]
pub struct EventBus {
    followers: Arc<Mutex<Vec<mpsc::UnboundedSender<Arc<Event>>>>>,
}

impl EventBus {
    /// Follows all events from now on.
    pub fn follow(&self) -> EventStream {
        let (sender, receiver) = mpsc::unbounded_channel();
        lock(&self.followers).push(sender);
        EventStream { receiver }
    }

    /// Whether anybody follows.
    pub fn is_followed(&self) -> bool {
        !lock(&self.followers).is_empty()
    }

    pub(crate) fn send(&self, event: Event) {
        let event = Arc::new(event);
        lock(&self.followers).retain(|follower| follower.send(Arc::clone(&event)).is_ok());
    }
}

/// The events of a bus, from the moment of following on.
#[derive(Debug)]
pub struct EventStream {
    receiver: mpsc::UnboundedReceiver<Arc<Event>>,
}

impl EventStream {
    /// The next event; `None` once the bus and all its clones are gone.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        self.receiver.recv().await
    }

    /// The events that are there already.
    pub fn drain(&mut self) -> Vec<Arc<Event>> {
        std::iter::from_fn(|| self.receiver.try_recv().ok()).collect()
    }
}
