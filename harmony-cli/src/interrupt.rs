use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use harmony_phases::{Context, event::EventKind};

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

/// Listens for Ctrl-C until it is dropped with its task.
///
/// The first one cancels the run, which finishes the effect under way; the second one says what is
/// under way; the third one ends the process.
pub(crate) async fn listen(ctx: Context, console: Console, in_flight: InFlight) {
    for press in 1.. {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        match press {
            1 => {
                ctx.cancel();
                console.note("stopping once the effect under way is finished and recorded");
            }
            2 => {
                let what = in_flight.says();
                console.note(&format!("{what}; once more ends the process in the middle of it"));
            }
            _ => std::process::exit(i32::from(Exit::Cancelled.code())),
        }
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
