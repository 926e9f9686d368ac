//! The engine against terraform on resources that have not changed.

use std::{
    fmt::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

use super::engine;
use crate::{
    measure::{seconds, time},
    table::{Goal, Row, Table},
};

const RESOURCES: usize = 1_000;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let row = |what: &str, ratio| {
        let what = format!("{what}: terraform / harmony, {RESOURCES} unchanged");
        Row::new("peer", what, ratio, "x").goal(Goal::AtLeast(50.0))
    };
    if Command::new("terraform").arg("version").output().is_err() {
        table.add(row("plan", f64::NAN).note("terraform is not on the PATH"));
        table.add(row("apply", f64::NAN).note("terraform is not on the PATH"));
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut configuration = String::new();
    for n in 0..RESOURCES {
        writeln!(configuration, "resource \"terraform_data\" \"r{n}\" {{\n  input = \"{n}\"\n}}")?;
    }
    std::fs::write(folder.path().join("main.tf"), configuration)?;
    terraform(folder.path(), &["init"])?;
    terraform(folder.path(), &["apply", "-auto-approve"])?;
    let run =
        |args: &'static [&'static str]| seconds(3, || time(|| terraform(folder.path(), args)).0);
    let (plan, apply) = (run(&["plan"]), run(&["apply", "-auto-approve"]));
    let ours = engine::cost(RESOURCES, 5)?;
    let note = "terraform_data holds no real resource, as a no-op score does not";
    table.add(row("plan", plan / ours.plan).note(note));
    table.add(row("apply", apply / ours.execute).note(note));
    Ok(())
}

fn terraform(folder: &Path, args: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("terraform")
        .args(args)
        .arg("-no-color")
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("TF_IN_AUTOMATION", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("running terraform")?;
    ensure!(status.success(), "terraform {args:?} ended with {status}");
    Ok(())
}
