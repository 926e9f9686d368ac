use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use harmony_phases::{Context, event::EventKind};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Exit, console::Console};

/// The effects that have begun and not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<BTreeMap<u64, String>>>);

impl InFlight {
    /// Takes note of an event.
    pub(crate) fn hear(&self, event: &EventKind) {
        let mut effects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            EventKind::EffectBegun { effect } => {
                effects.insert(effect.index, effect.intent.to_string());
            }
            EventKind::EffectEnded { effect, .. } => {
                effects.remove(effect);
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
        ctx.cancel();
        console.note("stopping once the effect under way is finished and recorded");
        self.next().await;
        let what = in_flight.says();
        console.note(&format!("{what}; once more ends the process in the middle of it"));
        self.next().await;
        std::process::exit(i32::from(Exit::Cancelled.code()));
    }
}

#[cfg(test)]
mod tests {
    use harmony_phases::{
        Intent,
        context::{EffectOutcome, EffectRecord},
    };

    use super::*;

    #[test]
    fn what_is_in_flight_is_named_until_it_ended() {
        let in_flight = InFlight::default();
        let intent = Intent::new("define domain", "web");
        let effect = EffectRecord { index: 3, step: None, intent };
        in_flight.hear(&EventKind::EffectBegun { effect });
        assert_eq!(in_flight.says(), "in flight: define domain `web`");
        in_flight.hear(&EventKind::EffectEnded { effect: 3, outcome: EffectOutcome::Done });
        assert_eq!(in_flight.says(), "nothing is in flight");
    }
}
