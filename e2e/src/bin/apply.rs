//! One run of a site in a process of its own, so that a test can end it at any point.
//!
//! It reads a [`Job`] as one line of JSON and says every effect before it begins, as one line; the
//! effect begins when a line comes back. The last line is what the run came to.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use async_trait::async_trait;
use harmony_capabilities::virtualization::{
    Acceleration, IsoImageScore, StoragePoolScore, VirtualMachineScore, VirtualNetworkScore,
    VolumeScore,
};
use harmony_phases::context::{EffectOutcome, EffectRecord, EffectSink, Injected};
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::kvm_host::{
    ConnectHypervisor, ConnectLocal, ConnectSsh, Declared, InstallKvm, KvmHost,
};
use harmony_providers::ssh::SshConfig;
use harmony_types::{KvmHostAddress, SiteName};
use serde::Deserialize;

/// What is to be brought about, and where.
#[derive(Debug, Deserialize)]
struct Job {
    site: SiteName,
    #[serde(flatten)]
    host: Host,
    scores: Vec<Score>,
}

/// Where it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Host {
    /// A bare one, over SSH: what is known of it is in a configuration of `ssh`.
    Ssh { address: KvmHostAddress, config: PathBuf },
    /// Where libvirt answers at this URI.
    Uri(String),
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
    let (declared, host) = host(job.host);
    let site = job.scores.into_iter().fold(host, add);
    let came = match site.execute(&ctx, Topology::new("host", declared)).await {
        Ok(finished) => format!("finished: {} steps", finished.completed.len()),
        Err(stopped) => chain(&stopped),
    };
    Ok(say(&came)?)
}

type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

/// The host as it is declared, and how it becomes a KVM host.
fn host(host: Host) -> (Declared, Site) {
    let start = Pipeline::start();
    match host {
        Host::Ssh { address, config } => {
            let connect = ConnectSsh::new().config(SshConfig::file(config));
            let install = InstallKvm::new().acceleration(Acceleration::Tcg);
            (Declared::at(address), start.advance(connect).advance(install))
        }
        Host::Uri(uri) => {
            let connect = ConnectHypervisor::new(uri).acceleration(Acceleration::Tcg);
            (Declared::here(), start.advance(ConnectLocal).advance(connect))
        }
    }
}

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
