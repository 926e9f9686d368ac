//! A second process continues what the first one began.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::lab::Lab;
use super::sinks::done_twice;
use e2e::ProcessRun;
use e2e::torture::{self, Seed};

fn process(job: &Value) -> Result<ProcessRun> {
    ProcessRun::start(Command::new(env!("CARGO_BIN_EXE_apply")), job)
}

fn job(lab: &Lab) -> Result<Value> {
    Ok(json!({
        "site": lab.site_name(),
        "uri": lab.uri(),
        "scores": [
            { "network": serde_json::to_value(lab.network(|_| {}))? },
            { "pool": serde_json::to_value(lab.pool())? },
            { "iso": serde_json::to_value(lab.iso())? },
            { "volume": serde_json::to_value(lab.disk())? },
            { "volume": serde_json::to_value(lab.volume(|_| {}))? },
            { "machine": serde_json::to_value(lab.machine(|_| {}))? },
            { "machine": serde_json::to_value(lab.spare())? },
        ],
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_continues_what_a_killed_one_began() -> Result<()> {
    let lab = Lab::shared()?;
    let job = job(&lab)?;
    let (whole, came) = process(&job)?.finish()?;
    ensure!(came == "finished: 9 steps", "{came}");
    let (nothing, _) = process(&job)?.finish()?;
    ensure!(nothing.is_empty(), "a second process has nothing to do: {nothing:?}");
    lab.is_finished(&lab.connect().await?).await?;
    lab.tear_down().await?;

    let all: Vec<usize> = (0..whole.len()).collect();
    let mut seed = Seed::printed("kill the process");
    let chosen = if torture::is_on() { all } else { seed.choose(1, all) };
    for at in chosen {
        let (first, under_way) = process(&job)?.killed_at(at)?;
        let (second, came) = process(&job)?.finish()?;
        ensure!(came == "finished: 9 steps", "killed at {under_way}: {came}");
        let again = done_twice(&first, &second);
        let filling = is_filling(&whole, &under_way);
        ensure!(again.is_empty() || filling, "killed at {under_way}: done twice: {again:?}");
        lab.is_finished(&lab.connect().await?).await?;
        lab.tear_down().await?;
        let done = format!("SIGKILL at effect {at} of {}: {under_way}", whole.len());
        torture::row("process killed", &done, &format!("completed by {} effects", second.len()));
    }
    Ok(())
}

/// Whether an effect lies between the two markers of an upload, where a cut means that the volume
/// is filled again from its beginning.
fn is_filling(whole: &[String], effect: &str) -> bool {
    let begun = whole.iter().position(|it| it.contains(".partial`"));
    let ended = whole.iter().position(|it| it.contains(".done`"));
    let at = whole.iter().position(|it| it == effect);
    at.zip(begun).zip(ended).is_some_and(|((at, begun), ended)| (begun..=ended).contains(&at))
}

/// A user whom libvirt does not know is told how to become one.
#[test]
fn a_user_without_permission_is_told_what_to_do() -> Result<()> {
    let lab = Lab::shared()?;
    let program = lab.files().join("apply");
    std::fs::copy(env!("CARGO_BIN_EXE_apply"), &program)?;
    let socket = lab.uri().split_once("socket=").context("no socket")?.1.to_owned();
    // The folder of the socket is closed to others, as a distribution's socket is.
    let folder = lab.files().join("closed");
    std::fs::create_dir(&folder)?;
    std::os::unix::fs::symlink(socket, folder.join("libvirt-sock"))?;
    let closed: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&folder, closed)?;
    let mut job = job(&lab)?;
    job["uri"] = format!("qemu+unix:///system?socket={}/libvirt-sock", folder.display()).into();
    let mut nobody = Command::new("setpriv");
    nobody
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .current_dir("/");
    let (effects, came) = ProcessRun::start(nobody, &job)?.finish()?;
    ensure!(effects.is_empty(), "{effects:?}");
    for words in
        ["refused; nothing was touched", "connect to libvirt on qemu+unix", "usermod -aG libvirt"]
    {
        ensure!(came.contains(words), "{words}: {came}");
    }
    Ok(())
}
