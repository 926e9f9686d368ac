//! What the length of a pipeline costs the compiler.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

use crate::{
    measure::{median, time},
    table::{Goal, Row, Table},
};

const SHORT: usize = 3;
const LONG: usize = 300;
const RUNS: usize = 5;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    crate_of(folder.path())?;
    let check = |steps| -> anyhow::Result<f64> {
        fs::write(folder.path().join("src/main.rs"), program(steps))?;
        let (took, checked) = time(|| cargo_check(folder.path()));
        checked?;
        Ok(took.as_secs_f64())
    };
    check(SHORT)?; // builds the dependencies
    let (mut differences, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (short, long) = (check(SHORT)?, check(LONG)?);
        differences.push(long - short);
        ratios.push(long / short);
    }
    let what = format!("cargo check: {LONG} steps over {SHORT} steps");
    table.add(
        Row::new("compile", what, median(differences), "s more")
            .goal(Goal::AtMost(0.3))
            .note(format!("{:.2} x as long", median(ratios))),
    );
    Ok(())
}

fn crate_of(folder: &Path) -> anyhow::Result<()> {
    let phases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harmony-phases");
    let phases = phases.canonicalize()?;
    fs::create_dir(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"long\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         harmony-phases = {{ path = '{}' }}\nserde_json = \"1\"\nasync-trait = \"0.1\"\n",
        phases.display()
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The versions the workspace was tested with.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock"))?;
    Ok(())
}

fn cargo_check(folder: &Path) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["check", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stdout(Stdio::null())
        .status()
        .context("running cargo")?;
    ensure!(status.success(), "the generated program does not compile");
    Ok(())
}

/// A program whose pipeline has `steps` steps, every tenth of them a transition.
fn program(steps: usize) -> String {
    let mut text = String::from(PRELUDE);
    for n in 0..steps {
        let step =
            if n % 10 == 9 { format!(".advance(Stay({n}))") } else { format!(".run(Thing({n}))") };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "        {step}");
    }
    text + "}\n"
}

const PRELUDE: &str = r#"
#![allow(dead_code)] // three steps need no transition
use harmony_phases::*;
#[derive(Debug)] struct Idle;
impl Phase for Idle { const NAME: &'static str = "Idle"; }
impl RestingPhase for Idle {}
type Site = Topology<Idle>;
#[derive(Clone, Debug)] struct Thing(usize);
impl Describe for Thing { fn name(&self) -> String { self.0.to_string() } }
impl<T: Sync> Score<T> for Thing {
    fn to_value(&self) -> serde_json::Value { self.0.into() }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> { Box::new(self.clone()) }
}
#[async_trait::async_trait] impl<T: Sync> Interpret<T> for Thing {
    async fn execute(&self, _: &Context, _: &T) -> Result<Outcome, InterpretError> { Ok(Outcome::noop("")) }
}
#[derive(Debug)] struct Stay(usize);
impl Describe for Stay { fn name(&self) -> String { self.0.to_string() } }
impl Transition<Site> for Stay {
    type To = Site;
    async fn observe(&self, _: &Context, from: Site) -> Result<Observed<Site, Site>, TransitionError<Site>> { Ok(Observed::Reached(from)) }
    async fn apply(&self, _: &Context, from: Site) -> Result<Site, TransitionError<Site>> { Ok(from) }
}
fn main() { let _ = site(); }
fn site() -> Pipeline<Site, Site> {
    Pipeline::start()
"#;
