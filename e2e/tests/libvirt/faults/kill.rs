//! libvirtd dies in the middle of a run.

use std::fmt;
use std::time::Duration;

use anyhow::{Result, bail};
use harmony_phases::context::{EffectOutcome, EffectRecorder};
use harmony_phases::pipeline::{Cause, Stopped};
use harmony_phases::{InterpretErrorKind, StepId};
use harmony_providers::libvirt::{ConnectOptions, Reconnect};

use super::lab::{Lab, lock, on, told};
use super::sinks::{Moment, Strike, done_twice, happened};
use super::wire::Wire;
use e2e::torture::{self, Seed};

/// Where libvirtd is killed.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// Before an effect, which then finds nobody.
    Before(u64),
    /// While it does the first thing that an effect asks of it: half of it may be done.
    During(u64),
    /// With the answer to the nth call of an effect under way: the work is done, and nobody knows.
    AnswerLost { effect: u64, call: u32 },
    /// After an effect whose answer came.
    After(u64),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(effect) => write!(f, "before effect {effect}"),
            Self::During(effect) => write!(f, "during effect {effect}"),
            Self::AnswerLost { effect, call } => {
                write!(f, "effect {effect}, answer to its call {call} lost")
            }
            Self::After(effect) => write!(f, "after effect {effect}"),
        }
    }
}

/// Every point of a run of so many effects; after one is before the next.
fn cuts(effects: u64) -> Vec<Cut> {
    let at = |effect| {
        let lost = |call| Cut::AnswerLost { effect, call };
        [Cut::Before(effect), Cut::During(effect), lost(1), lost(2)]
    };
    (0..effects).flat_map(at).chain(effects.checked_sub(1).map(Cut::After)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn libvirtd_killed_anywhere_in_an_apply_is_said_and_the_next_run_completes() -> Result<()> {
    let lab = Lab::alone()?;
    let wire = Wire::before(&lab.daemon(), lab.files().join("wire"))?;
    let whole = lab.converges().await?;
    lab.tear_down().await?;
    let mut seed = Seed::printed("kill libvirtd");
    let all = cuts(whole.count() as u64);
    let chosen = if torture::is_on() { all } else { seed.choose(3, all) };
    for cut in chosen {
        let story = format!("{cut} of {}", whole.count());
        let came =
            round(&lab, &wire, cut, &whole).await.map_err(|error| error.context(story.clone()))?;
        torture::row("libvirtd killed", &story, &came);
    }
    Ok(())
}

/// Kills at `cut`, looks at what the run says, and lets another run complete.
async fn round(lab: &Lab, wire: &Wire, cut: Cut, whole: &EffectRecorder) -> Result<String> {
    let (stopped, first) = struck(lab, wire, cut).await?;
    let Some(stopped) = stopped else {
        // Nothing was asked of libvirt after this point: the run was complete.
        lab.converges().await?;
        lab.tear_down().await?;
        return Ok("the run was complete".to_owned());
    };
    let said = honest(&stopped, cut, whole)?;
    let second = lab.converges().await?;
    not_repeated(&happened(&first), &happened(&second), &stopped.at);
    lab.tear_down().await?;
    Ok(format!("stopped at `{}`: {said}; completed by {} effects", stopped.at, second.count()))
}

/// Runs the site until libvirtd dies, and starts libvirtd again.
async fn struck(lab: &Lab, wire: &Wire, cut: Cut) -> Result<(Option<Stopped>, EffectRecorder)> {
    let (at, moment) = match cut {
        Cut::Before(effect) | Cut::During(effect) | Cut::AnswerLost { effect, .. } => {
            (effect, Moment::Before)
        }
        Cut::After(effect) => (effect, Moment::After),
    };
    let daemon = lab.daemon();
    let (lose, kill) = (wire.trigger(), wire.killer(lab.daemon()));
    let (sink, seen) = Strike::new(at, moment, move |_| {
        match cut {
            Cut::AnswerLost { call, .. } => lose(call),
            Cut::During(_) => kill(),
            Cut::Before(_) | Cut::After(_) => lock(&daemon).kill().unwrap(),
        }
        Ok(())
    });
    let hurried =
        Reconnect { first_pause: Duration::from_millis(20), attempts: 3, ..Reconnect::default() };
    let uri = match cut {
        Cut::AnswerLost { .. } | Cut::During(_) => wire.uri(),
        Cut::Before(_) | Cut::After(_) => lab.uri().to_owned(),
    };
    let options = ConnectOptions::new(uri).reconnect(hurried);
    let libvirt = lab.connect_with(options).await?;
    let run = lab.site().execute(&lab.ctx_with(sink), on(&libvirt)).await;
    drop(libvirt);
    let is_dead = lab.virsh(&["uri"]).is_err();
    wire.lose_nothing();
    if is_dead {
        lock(&lab.daemon()).restart()?;
    }
    match run {
        Ok(_) if matches!(cut, Cut::Before(_)) => bail!("the run noticed nothing"),
        Ok(_) => Ok((None, seen)),
        Err(stopped) => Ok((Some(stopped), seen)),
    }
}

/// What a run says that lost libvirtd: where, how sure it is of what it did, and what to do.
fn honest(stopped: &Stopped, cut: Cut, whole: &EffectRecorder) -> Result<&'static str> {
    let Cause::Failed(error) = &stopped.cause else { bail!("{stopped:?}") };
    let text = told(stopped);
    let step = |effect: u64| -> Option<StepId> {
        whole.effects().into_iter().find(|it| it.effect.index == effect)?.effect.step
    };
    match cut {
        Cut::Before(effect) | Cut::During(effect) | Cut::AnswerLost { effect, .. } => {
            let after = [step(effect), step(effect + 1)];
            assert!(after.contains(&Some(stopped.at.clone())), "{cut}: {text}");
        }
        Cut::After(_) => {}
    }
    let done = stopped.completed.iter().filter(|it| it.changed()).count();
    let steps: Vec<StepId> = whole.effects().into_iter().filter_map(|it| it.effect.step).collect();
    let before = steps
        .iter()
        .take_while(|step| **step != stopped.at)
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(done, before.len(), "what was completed is told: {stopped:?}");
    match error.kind() {
        InterpretErrorKind::Unknown => {
            assert!(text.contains("cannot tell whether it did"), "{text}");
            assert!(text.contains("it may have happened or not"), "{text}");
            assert!(text.contains("run again"), "{text}");
            let last = stopped.effects.last().map(|it| &it.1);
            assert!(
                matches!(last, Some(EffectOutcome::Failed(_) | EffectOutcome::Unknown)),
                "{stopped:?}"
            );
            Ok("unknown")
        }
        InterpretErrorKind::Failed => {
            assert!(text.contains("failed to connect to libvirt on qemu+unix://"), "{text}");
            // The wire still accepts clients when nobody is behind it.
            let through_the_wire = matches!(cut, Cut::AnswerLost { .. } | Cut::During(_));
            assert!(through_the_wire || text.contains("sudo systemctl start libvirtd"), "{text}");
            assert!(!matches!(cut, Cut::AnswerLost { call: 1, .. }), "an answer was lost: {text}");
            Ok("unreachable")
        }
        kind => bail!("{kind:?}: {text}"),
    }
}

/// What a run has done and seen done, the next one does not do again; only a volume whose filling
/// was cut is filled from its beginning.
fn not_repeated(first: &[String], second: &[String], at: &StepId) {
    let again = done_twice(first, second);
    let refilled = at.as_str().starts_with("iso");
    assert!(again.is_empty() || refilled, "done twice: {again:?}");
}
