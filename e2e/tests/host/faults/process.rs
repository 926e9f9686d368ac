//! We are killed in the middle of a promotion.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use e2e::ProcessRun;
use e2e::torture::{self, Seed};

use super::super::lab::unlocked;
use super::bare::Bare;
use super::state::State;
use super::watch::Span;
use super::whole::Whole;

const FINISHED: &str = "finished: 6 steps";

fn process(bare: &Bare) -> Result<ProcessRun> {
    ProcessRun::start(Command::new(env!("CARGO_BIN_EXE_apply")), &bare.job()?)
}

/// Kills a promotion as it begins an effect, and lets another process complete it.
fn round(at: usize, state: &State) -> Result<(String, usize)> {
    let bare = Bare::start()?;
    let (_, under_way) = process(&bare)?.killed_at(at)?;
    unlocked(bare.host())?;
    let (effects, came) = process(&bare)?.finish()?;
    ensure!(came == FINISHED, "{under_way}: {came}");
    let (nothing, came) = process(&bare)?.finish()?;
    ensure!(nothing.is_empty() && came == FINISHED, "{under_way}: {nothing:?}: {came}");
    bare.is_like(state)?;
    Ok((under_way, effects.len()))
}

/// In the middle of the proof, where something is there that has to go again; and anywhere.
fn chosen(whole: &[Span], seed: &mut Seed) -> Result<Vec<usize>> {
    let proof = whole.iter().position(|it| it.what.starts_with("start domain `harmony-probe"));
    let proof = proof.context("nothing was proven")?;
    let others = (0..whole.len()).filter(|&at| at != proof).collect();
    let mut chosen = seed.choose(if torture::is_on() { 9 } else { 0 }, others);
    chosen.insert(0, proof);
    Ok(chosen)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_completes_the_promotion_that_a_killed_one_began() -> Result<()> {
    let whole = Whole::seen().await?;
    let mut seed = Seed::printed("kill the process of a promotion");
    for at in chosen(&whole.effects, &mut seed)? {
        let story = format!("SIGKILL at effect {at} of {}", whole.effects.len());
        let (under_way, effects) = round(at, &whole.state).with_context(|| story.clone())?;
        let came = format!("{under_way}: {effects} effects in the next process; then nothing");
        torture::row("promotion killed", &story, &came);
    }
    Ok(())
}
