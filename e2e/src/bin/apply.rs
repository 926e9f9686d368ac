//! One run of a site in a process of its own, so that a test can end it at any point.
//!
//! It reads a [`Job`] as one line of JSON and says every effect before it begins, as one line; the
//! effect begins when a line comes back. The last line is what the run came to.

use std::error::Error;
use std::io::{self, Write as _};

use async_trait::async_trait;
use harmony_capabilities::virtualization::{
    Acceleration, IsoImageScore, StoragePoolScore, VirtualMachineScore, VirtualNetworkScore,
    VolumeScore,
};
use harmony_phases::context::{EffectOutcome, EffectRecord, EffectSink, Injected};
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};
use harmony_types::SiteName;
use serde::Deserialize;

/// What is to be brought about, and where.
#[derive(Debug, Deserialize)]
struct Job {
    site: SiteName,
    uri: String,
    scores: Vec<Score>,
}

/// A score of any kind, as it is stored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Score {
    Iso(IsoImageScore),
    Machine(VirtualMachineScore),
    Network(VirtualNetworkScore),
    Pool(StoragePoolScore),
    Volume(VolumeScore),
}

/// Says what is about to happen and waits for leave.
#[derive(Debug)]
struct Asking;

#[async_trait]
impl EffectSink for Asking {
    async fn before(&self, effect: &EffectRecord) -> Result<(), Injected> {
        say(&effect.intent.to_string())
            .and_then(|()| hear())
            .map(drop)
            .map_err(|error| Injected(error.to_string()))
    }

    async fn after(&self, _: &EffectRecord, _: &EffectOutcome) -> Result<(), Injected> {
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let job: Job = serde_json::from_str(&hear()?)?;
    let ctx = Context::builder(job.site).effects(Asking).build();
    let connect = ConnectHypervisor::new(job.uri).acceleration(Acceleration::Tcg);
    let host = Pipeline::start().advance(ConnectLocal).advance(connect);
    let site = job.scores.into_iter().fold(host, add);
    let came = match site.execute(&ctx, Topology::new("here", Declared::here())).await {
        Ok(finished) => format!("finished: {} steps", finished.completed.len()),
        Err(stopped) => chain(&stopped),
    };
    Ok(say(&came)?)
}

type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

fn add(site: Site, score: Score) -> Site {
    match score {
        Score::Iso(score) => site.run(score),
        Score::Machine(score) => site.run(score),
        Score::Network(score) => site.run(score),
        Score::Pool(score) => site.run(score),
        Score::Volume(score) => site.run(score),
    }
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", line.replace('\n', " "))?;
    out.flush()
}

fn hear() -> io::Result<String> {
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => Err(io::Error::other("nobody answers any more")),
        _ => Ok(line),
    }
}

/// An error and its causes, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
