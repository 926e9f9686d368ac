//! A program as users write them, for a host that says what would disturb a terminal: `visit plan`, `visit apply`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use harmony_capabilities::host::{CommandScore, FileScore, SpecError};
use harmony_cli::Program;
use harmony_phases::{BoxError, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectSsh, Declared, KvmHostAddress, LinuxHost};
use harmony_providers::ssh::SshConfig;

/// Where the host is.
#[derive(Debug, Args)]
struct Visit {
    /// The host.
    #[arg(long)]
    address: String,
    /// How `ssh` reaches it.
    #[arg(long)]
    config: PathBuf,
}

impl Program for Visit {
    type Start = Topology<Declared>;
    type End = Topology<LinuxHost>;
    const NAME: &'static str = "visit";
    const ABOUT: &'static str = "A file, a command that talks, and one that fails";

    fn start(&self) -> Result<Self::Start, BoxError> {
        let address: KvmHostAddress = self.address.parse()?;
        Ok(Topology::new("host", Declared::at(address)))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        let connect = ConnectSsh::new().config(SshConfig::file(&self.config));
        let file = FileScore::builder().path("/srv/file").text("calm\n").adopt(true).build()?;
        let talks = talking("talk", "touch /srv/talked", "/srv/talked")?;
        let fails = talking("fail", "exit 3", "/srv/never")?;
        Ok(Pipeline::start().advance(connect).run(file).run(talks).run(fails))
    }
}

/// A command that says on both its outputs what the host's file says, and does something then.
fn talking(name: &str, then: &str, creates: &str) -> Result<CommandScore, SpecError> {
    let script = format!("cat /srv/said; cat /srv/said >&2; {then}");
    CommandScore::builder(name, ["sh", "-c", &script]).creates(creates).build()
}

fn main() -> ExitCode {
    harmony_cli::main::<Visit>()
}
