//! Every effect of a run fails once: before it happened, or after.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Result;
use harmony_phases::context::{EffectRecorder, Injected};
use harmony_phases::pipeline::Cause;

use super::lab::{Lab, on, told};
use super::sinks::{Moment, Strike, done_twice, happened};
use e2e::torture::{self, Seed};

/// Where an effect fails.
#[derive(Clone, Copy, Debug)]
struct Failure {
    effect: u64,
    moment: Moment,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = match self.moment {
            Moment::Before => "before it happened",
            Moment::After => "after it happened",
        };
        write!(f, "effect {} {moment}", self.effect)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_fails_before_or_after_it_happened_is_made_up_for() -> Result<()> {
    let lab = Lab::shared()?;
    let whole = lab.converges().await?;
    lab.tear_down().await?;
    let effects = 0..whole.count() as u64;
    let failures =
        |effect| [Moment::Before, Moment::After].map(|moment| Failure { effect, moment });
    let mut seed = Seed::printed("fail effects");
    let all: Vec<Failure> = effects.flat_map(failures).collect();
    let chosen = if torture::is_on() { all } else { seed.choose(3, all) };
    for failure in chosen {
        let came = round(&lab, failure, &whole).await?;
        torture::row("effect failed", &format!("{failure} of {}", whole.count()), &came);
    }
    Ok(())
}

async fn round(lab: &Lab, failure: Failure, whole: &EffectRecorder) -> Result<String> {
    let fault = |_: &_| Err(Injected("the power of this test".to_owned()));
    let (sink, first) = Strike::new(failure.effect, failure.moment, fault);
    let libvirt = lab.connect().await?;
    let stopped = lab.site().execute(&lab.ctx_with(sink), on(&libvirt)).await.unwrap_err();
    let text = told(&stopped);
    assert!(matches!(stopped.cause, Cause::Failed(_)), "{failure}: {text}");
    assert!(text.contains("injected fault: the power of this test"), "{failure}: {text}");

    let second = lab.converges().await?;
    let (first, second) = (happened(&first), happened(&second));
    let again = done_twice(&first, &second);
    let filling = stopped.at.as_str().starts_with("iso");
    assert!(again.is_empty() || filling, "{failure}: done twice: {again:?}");
    let both: BTreeSet<String> = first.into_iter().chain(second.iter().cloned()).collect();
    let all: BTreeSet<String> = happened(whole).into_iter().collect();
    let missing: Vec<&String> = all.difference(&both).collect();
    assert!(missing.is_empty(), "{failure}: never done: {missing:?}");
    lab.tear_down().await?;
    Ok(format!("stopped at `{}`; completed by {} effects", stopped.at, second.len()))
}
