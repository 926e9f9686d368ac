use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use harmony_phases::{
    Context,
    event::{Event, EventKind},
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use uuid::Uuid;

use crate::{Exit, console::Console};

/// The effects that have begun and not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<BTreeMap<Key, String>>>);

/// An effect's run, and its number there.
type Key = (Uuid, u64);

impl InFlight {
    /// Takes note of an event.
    pub(crate) fn hear(&self, event: &Event) {
        let mut effects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &event.kind {
            EventKind::EffectBegun { effect } => {
                let whose = event.within.map(|_| format!(" on {}", event.host));
                let what = format!("{}{}", effect.intent, whose.unwrap_or_default());
                effects.insert((event.run, effect.index), what);
            }
            EventKind::EffectEnded { effect, .. } => {
                effects.remove(&(event.run, *effect));
            }
            _ => {}
        }
    }

    /// Says what is under way.
    pub(crate) fn says(&self) -> String {
        let effects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if effects.is_empty() {
            return "nothing is in flight".to_owned();
        }
        let list: Vec<_> = effects.values().map(String::as_str).collect();
        format!("in flight: {}", list.join(", "))
    }
}

/// The wish of the operator, or of the system, to stop: Ctrl-C and the polite signal to end.
#[derive(Debug)]
pub(crate) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupts {
    /// Takes the signals from now on; until then they end the process.
    pub(crate) fn take() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Acts on the signals for as long as it is let run.
    ///
    /// The first one cancels the run, which finishes the effect under way; the second one says what
    /// that is; the third one ends the process.
    pub(crate) async fn obey(mut self, ctx: Context, console: Console, in_flight: InFlight) {
        self.next().await;
        // Said first: a run that stops at once has the last word.
        console.note("stopping once the effect under way is finished and recorded");
        ctx.cancel();
        self.next().await;
        let what = in_flight.says();
        console.note(&format!("{what}; once more ends the process in the middle of it"));
        self.next().await;
        std::process::exit(i32::from(Exit::Cancelled.code()));
    }
}

#[cfg(test)]
mod tests {
    use harmony_phases::{Intent, context::EffectError};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error(transparent)]
    struct Refused(#[from] EffectError);

    #[tokio::test]
    async fn what_is_in_flight_is_named_until_it_ended() {
        let ctx = Context::for_site("lab".parse().unwrap());
        let mut events = ctx.events().follow();
        let in_flight = InFlight::default();
        let mut hear = || {
            events.drain().iter().for_each(|event| in_flight.hear(event));
            in_flight.says()
        };
        let effect = ctx.effect(Intent::new("define domain", "web"), async |_| {
            assert_eq!(hear(), "in flight: define domain `web`");
            Ok::<_, Refused>(())
        });
        effect.await.unwrap();
        assert_eq!(hear(), "nothing is in flight");
    }
}
