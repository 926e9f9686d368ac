//! Showing a run while it goes on.

mod bars;
mod lines;

use std::sync::Arc;

use bars::Bars;
use harmony_phases::event::{Event, EventStream};
use lines::{JsonLines, PlainLines};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{console::Console, interrupt::InFlight};

/// How a run is shown.
#[derive(Debug)]
pub(crate) enum View {
    /// One line of JSON an event, on the standard output.
    Json(JsonLines),
    /// Bars that are redrawn.
    Bars(Bars),
    /// One line a finished step.
    Plain(PlainLines),
}

impl View {
    /// The view that fits the console and the wish of the operator.
    pub(crate) fn of(console: &Console, json: bool) -> Self {
        if json {
            Self::Json(JsonLines::new(console.clone()))
        } else if console.draws() {
            Self::Bars(Bars::new(console.clone()))
        } else {
            Self::Plain(PlainLines::new(console.clone()))
        }
    }

    fn show(&mut self, event: &Event) {
        match self {
            Self::Json(lines) => lines.show(event),
            Self::Bars(bars) => bars.show(event),
            Self::Plain(lines) => lines.show(event),
        }
    }
}

/// A task that shows events until it is told that there will be no more.
#[derive(Debug)]
pub(crate) struct Audience {
    over: CancellationToken,
    task: JoinHandle<()>,
}

impl Audience {
    pub(crate) fn seat(events: EventStream, view: View, in_flight: InFlight) -> Self {
        let over = CancellationToken::new();
        let task = tokio::spawn(watch(events, view, in_flight, over.clone()));
        Self { over, task }
    }

    /// Waits until what has happened so far is shown.
    pub(crate) async fn leave(self) {
        self.over.cancel();
        // A view that panicked has nothing more to show; the run's result is told elsewhere.
        let _ = self.task.await;
    }
}

async fn watch(
    mut events: EventStream,
    mut view: View,
    in_flight: InFlight,
    over: CancellationToken,
) {
    let mut see = |event: Arc<Event>| {
        in_flight.hear(&event);
        view.show(&event);
    };
    loop {
        tokio::select! {
            biased;
            event = events.next() => match event {
                Some(event) => see(event),
                None => return,
            },
            () = over.cancelled() => break,
        }
    }
    events.drain().into_iter().for_each(see);
}
