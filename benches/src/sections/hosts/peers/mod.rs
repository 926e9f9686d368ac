//! pyinfra and Ansible from PyPI, in a virtual environment that is made once.

mod ansible;
mod pyinfra;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use e2e::{Cache, host::ClientHome, run};

use super::{names, ssh::Plain};
use crate::measure::{median, time};

const RELEASES: [&str; 2] = ["ansible-core==2.19.14", "pyinfra==3.10.0"];
const ROUNDS: usize = 3;

/// What Ansible needs on a host to work there at all.
const ON_THE_HOST: &str = "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
                           apt-get install -y -qq --no-install-recommends python3-apt";

pub(super) struct Peers {
    /// Where their programs are, or why they are not.
    programs: Result<PathBuf, String>,
    home: PathBuf,
    config: PathBuf,
}

pub(super) struct Peer<'a> {
    kind: Kind,
    peers: &'a Peers,
}

#[derive(Clone, Copy)]
enum Kind {
    Ansible,
    Pyinfra,
}

impl Peers {
    /// Finds or installs them, here and on the hosts; where that cannot be, the rows say why.
    pub(super) fn installed(home: &ClientHome, plain: &Plain, hosts: usize) -> Self {
        let installed = || -> anyhow::Result<PathBuf> {
            let folder = Cache::open()?.entry(&format!("python-{}", RELEASES.join("-")), |at| {
                run(at, "python3", &["-m", "venv", "."])?;
                let python = at.join("bin/python3").to_string_lossy().into_owned();
                let install = ["-m", "pip", "install", "--quiet"];
                run(at, &python, &[&install[..], &RELEASES].concat()).map(drop)
            })?;
            plain.everywhere(hosts, ON_THE_HOST).context("installing python3-apt on the hosts")?;
            Ok(folder.join("bin"))
        };
        let programs = installed().map_err(|error| format!("not installed: {error:#}"));
        Self { programs, home: home.path().to_owned(), config: home.ssh_config() }
    }

    /// pyinfra, then Ansible.
    pub(super) fn each(&self) -> [Peer<'_>; 2] {
        [Kind::Pyinfra, Kind::Ansible].map(|kind| Peer { kind, peers: self })
    }
}

impl Peer<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Ansible => "Ansible",
            Kind::Pyinfra => "pyinfra",
        }
    }

    /// How it is run.
    pub(super) fn manner(&self) -> &'static str {
        match self.kind {
            Kind::Ansible => ansible::MANNER,
            Kind::Pyinfra => pyinfra::MANNER,
        }
    }

    /// How long it takes over the first `count` hosts when there is nothing to do, in seconds.
    pub(super) fn pass(&self, count: usize) -> anyhow::Result<f64> {
        let programs = self.peers.programs.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?;
        let hosts = names(count);
        let mut times = Vec::new();
        // The first one is not counted: it may still have something to do.
        for round in 0..=ROUNDS {
            let took = match self.kind {
                Kind::Ansible => self.ansible(programs, &hosts, round > 0)?,
                Kind::Pyinfra => self.pyinfra(programs, &hosts, round > 0)?,
            };
            if round > 0 {
                times.push(took);
            }
        }
        Ok(median(times))
    }

    /// Runs it; how long that took, in seconds, and what it printed.
    fn run(&self, program: &mut Command) -> anyhow::Result<(f64, String)> {
        program.current_dir(&self.peers.home);
        program.env("HOME", &self.peers.home).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        let (took, output) = time(|| program.output());
        let output = output.with_context(|| format!("starting {}", self.name()))?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let last = said.trim().lines().last().unwrap_or("nothing");
        ensure!(output.status.success(), "{} failed: {last}", self.name());
        Ok((took.as_secs_f64(), said))
    }
}

/// The scripts of a virtual environment name the folder that it was made in; its Python does not.
fn python(programs: &Path) -> Command {
    Command::new(programs.join("python3"))
}
