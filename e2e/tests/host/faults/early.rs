//! libvirt listens before its packages are set up, and is not ready yet.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use async_trait::async_trait;
use harmony_phases::context::{EffectOutcome, EffectRecord, EffectSink, Injected};
use harmony_providers::ssh::Deadlines;

use super::super::lab::told;
use super::bare::Bare;

/// Lets the first machine that is to prove libvirt not start, and keeps when each effect began and ended.
#[derive(Clone, Debug, Default)]
struct NotReady(Arc<Mutex<Vec<String>>>);

impl NotReady {
    fn keep(&self, line: String) -> usize {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.iter().filter(|it| **it == line).count();
        kept.push(line);
        before
    }

    fn kept(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl EffectSink for NotReady {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        let is_first = self.keep(format!("begun: {}", effect.intent)) == 0;
        let proves = effect.intent.to_string().starts_with("start domain `harmony-probe");
        if proves && is_first { Err(Injected("not ready".to_owned())) } else { Ok(()) }
    }

    async fn after(&self, effect: &EffectRecord, _: &EffectOutcome) -> Result<(), Injected> {
        self.keep(format!("ended: {}", effect.intent));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn libvirt_is_proven_while_its_packages_are_set_up_and_again_if_it_was_not_ready()
-> Result<()> {
    let bare = Bare::start()?;
    let sink = NotReady::default();
    let run = bare.run(Deadlines::default(), sink.clone()).await;
    run.map_err(|stopped| anyhow::anyhow!("{}", told(&*stopped)))?;
    let kept = sink.kept();
    let at = |line: &str| kept.iter().position(|it| it.starts_with(line)).context(kept.join("\n"));
    let set_up = at("ended: install packages")?;
    ensure!(at("begun: start domain `harmony-probe")? < set_up, "too late: {kept:#?}");
    ensure!(at("ended: start domain `harmony-probe")? > set_up, "not made again: {kept:#?}");
    let next = bare.converges().await?;
    ensure!(next.count() == 0, "something was left to do: {:?}", next.effects());
    Ok(())
}
