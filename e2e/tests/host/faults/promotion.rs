//! The connection is cut anywhere in a promotion.

use std::fmt;

use anyhow::{Context as _, Result, bail, ensure};
use e2e::host::Cut;
use e2e::torture::{self, Seed};
use harmony_phases::InterpretErrorKind;
use harmony_phases::pipeline::{Cause, Stopped};

use super::super::lab::told;
use super::bare::{Bare, impatient};
use super::watch::{InEffect, Span, Watch};
use super::whole::Whole;

/// Where a promotion is cut.
#[derive(Clone, Debug)]
enum Place {
    /// After so many bytes of an effect.
    Effect { span: Span, bytes: u64 },
    /// After so many bytes of the run.
    Run { bytes: u64, of: u64 },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Effect { span, bytes } => {
                write!(f, "byte {bytes} of {} of effect {}", span.bytes(), span.number)
            }
            Self::Run { bytes, of } => write!(f, "byte {bytes} of {of}"),
        }
    }
}

impl Place {
    /// Every other point is in the middle of an effect, and the first of these in that of the packages. The ends are
    /// spared: no run is like the other to the last byte.
    fn of(whole: &Whole, point: usize, seed: &mut Seed) -> Result<Self> {
        let is_installation = |span: &&Span| span.what.starts_with("install packages");
        if point % 2 == 1 {
            let of = whole.effects.last().context("no effect")?.from;
            return Ok(Self::Run { bytes: 1 + seed.below((of * 9 / 10).max(1)), of });
        }
        let span = if point == 0 {
            whole.effects.iter().find(is_installation).context("no packages were installed")?
        } else {
            &whole.effects[usize::try_from(seed.below(whole.effects.len() as u64))?]
        };
        let bytes = 1 + seed.below((span.bytes() * 9 / 10).max(1));
        Ok(Self::Effect { span: span.clone(), bytes })
    }
}

/// What came of one cut.
struct Came {
    said: String,
    in_a_change: bool,
}

/// Cuts a promotion, looks at what the run says, and lets another run complete.
async fn round(whole: &Whole, place: &Place, how: Cut) -> Result<Came> {
    let bare = Bare::start()?;
    let watch = match *place {
        Place::Run { bytes, .. } => {
            bare.wire.cut_after(bytes, how)?;
            Watch::of(&bare.wire)
        }
        Place::Effect { ref span, bytes } => {
            Watch::cutting(&bare.wire, InEffect { number: span.number, bytes, how })
        }
    };
    let ran = bare.run(impatient(), watch.clone()).await;
    ensure!(bare.wire.cuts() == 1, "the run ended before the cut: {ran:?}");
    let struck = watch.struck();
    ensure!(struck.is_some() || matches!(place, Place::Run { .. }), "the cut missed its effect");
    let came = match &ran {
        Ok(()) => "went on",
        Err(stopped) => honest(stopped, struck.as_ref())?,
    };
    if ran.is_ok() {
        bare.is_like(&whole.state).context("a run that went on")?;
    }
    let next = bare.converges().await?;
    bare.is_like(&whole.state)?;
    let within = struck.as_ref().map_or("between effects", |span| &span.what);
    let said = format!("{within}: {came}; {} effects in the next run; then nothing", next.count());
    Ok(Came { said, in_a_change: struck.is_some() && ran.is_err() })
}

/// What a run says that lost its host: a change under way is never called failed, and nothing is called done.
fn honest(stopped: &Stopped, struck: Option<&Span>) -> Result<&'static str> {
    let text = told(stopped);
    let said = match &stopped.cause {
        Cause::Interrupted(_) => "interrupted",
        Cause::Failed(error) if error.kind() == InterpretErrorKind::Unknown => "unknown",
        // Nothing was being changed, so that nothing can be half done.
        Cause::Failed(_) | Cause::Refused(_) if struck.is_none() => "stopped, nothing under way",
        cause => bail!("{cause:?}: {text}"),
    };
    ensure!(struck.is_none() || text.contains("run again"), "no advice: {text}");
    Ok(said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_that_is_cut_anywhere_is_completed_by_the_next_run() -> Result<()> {
    let whole = Whole::seen().await?;
    let mut seed = Seed::printed("cut the promotion");
    let points = if torture::is_on() { 20 } else { 3 };
    let mut in_changes = 0;
    for point in 0..points {
        let place = Place::of(whole, point, &mut seed)?;
        let how = Cut::ALL[point % Cut::ALL.len()];
        let story = format!("{how} at {place}");
        let came = round(whole, &place, how).await.with_context(|| story.clone())?;
        torture::row("promotion cut", &story, &came.said);
        in_changes += usize::from(came.in_a_change);
    }
    ensure!(in_changes > 0, "no cut was in the middle of a change");
    Ok(())
}
