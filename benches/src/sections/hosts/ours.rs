//! The measured passes, through Harmony.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use e2e::host::ClientHome;
use harmony_capabilities::{
    host::{FileScore, FileStore as _, PackageScore, ServiceScore, SysctlScore},
    virtualization::Acceleration,
};
use harmony_phases::{Context, Pipeline, Topology, ownership::Mark, phases, pipeline::Finished};
use harmony_providers::{
    kvm_host::{ConnectSsh, Declared, InstallKvm, KvmHostAddress},
    linux::Linux,
    ssh::{Ssh, SshConfig, SshOptions},
};
use harmony_types::{HostPath, SshAddress};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::measure::time;

/// A host that plays the measured roles.
#[phases(any = AnyManaged)]
pub(crate) mod managed {
    use harmony_capabilities::host::{FileStore, PackageManager, ServiceManager, Sysctl};
    use harmony_phases::Topology;
    use harmony_providers::linux::Linux;

    /// A host whose state is looked after.
    #[resting]
    pub struct Managed {
        #[grants(FileStore, PackageManager, ServiceManager, Sysctl)]
        linux: Linux,
    }

    pub(crate) fn on(name: &str, linux: Linux) -> Topology<Managed> {
        Topology::new(name, Managed { linux })
    }
}

use managed::{Managed, on};

pub(super) struct Ours {
    runtime: Runtime,
    config: SshConfig,
}

/// A pass over some hosts with nothing to do.
pub(super) struct Passed {
    /// In seconds.
    pub(super) took: f64,
    /// The most of a host, after its login.
    pub(super) round_trips: u64,
}

/// What carries the bytes of a file.
#[derive(Clone, Copy)]
pub(super) enum Road {
    /// The role: a command, as root.
    FileStore,
    /// SFTP, as the user who logged in.
    Sftp,
}

impl Ours {
    pub(super) fn new(home: &ClientHome) -> anyhow::Result<Self> {
        Ok(Self { runtime: Runtime::new()?, config: SshConfig::file(home.ssh_config()) })
    }

    /// Brings these hosts to where there is nothing to do.
    pub(super) fn prepare(&self, hosts: &[String]) -> anyhow::Result<()> {
        self.run(hosts).map(drop)
    }

    /// A pass over these hosts; all stay connected until the last is through.
    pub(super) fn pass(&self, hosts: &[String]) -> anyhow::Result<Passed> {
        let (took, passes) = time(|| self.run(hosts));
        let passes = passes?;
        ensure!(passes.iter().all(|pass| !pass.changed), "there was something to do");
        let round_trips = passes.iter().map(|pass| pass.round_trips).max().unwrap_or_default();
        Ok(Passed { took: took.as_secs_f64(), round_trips })
    }

    fn run(&self, hosts: &[String]) -> anyhow::Result<Vec<One>> {
        self.runtime.block_on(async {
            let mut passes = JoinSet::new();
            for host in hosts {
                passes.spawn(one(host.clone(), self.config.clone()));
            }
            let (mut done, mut connected) = (Vec::new(), Vec::new());
            while let Some(pass) = passes.join_next().await {
                let (pass, host) = pass??;
                done.push(pass);
                connected.push(host);
            }
            Ok(done)
        })
    }

    /// How long it takes to send `file` to the first host, in seconds.
    pub(super) fn upload(&self, road: Road, file: &Path) -> anyhow::Result<f64> {
        self.carry(async |ctx, ssh, there| {
            match road {
                Road::FileStore => {
                    let linux = Linux::connect(Arc::new(ssh)).await?;
                    linux.upload(ctx, file, there, &Mark::new("bench".parse()?, "upload")).await?;
                }
                Road::Sftp => ssh.upload(ctx, file, there).await?,
            }
            Ok(())
        })
    }

    /// How long it takes to fetch into `file` what was sent to the first host, in seconds.
    pub(super) fn download(&self, road: Road, file: &Path) -> anyhow::Result<f64> {
        self.carry(async |ctx, ssh, there| {
            match road {
                Road::FileStore => {
                    Linux::connect(Arc::new(ssh)).await?.download(ctx, there, file).await?;
                }
                Road::Sftp => ssh.download(ctx, there, file).await?,
            }
            Ok(())
        })
    }

    /// How long it takes to connect to the first host and to carry a file, in seconds.
    fn carry(
        &self,
        transfer: impl AsyncFnOnce(&Context, Ssh, &HostPath) -> anyhow::Result<()>,
    ) -> anyhow::Result<f64> {
        let (took, carried) = time(|| {
            self.runtime.block_on(async {
                let (ctx, there) = (context()?, super::transfer::MINE.parse()?);
                let ssh = connect(&ctx, "h1", &self.config).await?;
                transfer(&ctx, ssh, &there).await
            })
        });
        carried?;
        Ok(took.as_secs_f64())
    }

    /// How long it takes to make a KVM host of `host`, in seconds.
    pub(super) fn promote(&self, host: &str) -> anyhow::Result<f64> {
        let (took, done) = time(|| {
            self.runtime.block_on(async {
                let address = KvmHostAddress::Ssh(address(host)?);
                let pipeline = Pipeline::start()
                    .advance(ConnectSsh::new().config(self.config.clone()))
                    .advance(InstallKvm::new().acceleration(Acceleration::Tcg));
                let start = Topology::new(host, Declared::at(address));
                let finished = pipeline.execute(&context()?, start).await?;
                ensure!(finished.changed(), "{host} was promoted before");
                anyhow::Ok(())
            })
        });
        done.with_context(|| format!("promoting {host}"))?;
        Ok(took.as_secs_f64())
    }
}

/// One pass over one host.
struct One {
    changed: bool,
    round_trips: u64,
}

/// Goes over one host, and gives it back connected.
async fn one(
    name: String,
    config: SshConfig,
) -> anyhow::Result<(One, Finished<Topology<Managed>>)> {
    let ctx = context()?;
    let ssh = connect(&ctx, &name, &config).await?;
    let linux = Linux::connect(Arc::new(ssh.clone())).await?;
    let finished = site()?.execute(&ctx, on(&name, linux)).await?;
    Ok((One { changed: finished.changed(), round_trips: ssh.round_trips() }, finished))
}

async fn connect(ctx: &Context, host: &str, config: &SshConfig) -> anyhow::Result<Ssh> {
    Ok(Ssh::connect(ctx, SshOptions::to(address(host)?).config(config.clone())).await?)
}

fn address(host: &str) -> anyhow::Result<SshAddress> {
    Ok(format!("root@{host}").parse()?)
}

fn context() -> anyhow::Result<Context> {
    Ok(Context::for_site("bench".parse()?))
}

/// Three packages, two services, five files and a kernel parameter.
fn site() -> anyhow::Result<Pipeline<Topology<Managed>, Topology<Managed>>> {
    let packages = PackageScore::builder().all_present(super::ssh::PACKAGES).build()?;
    let mut site = Pipeline::start()
        .run(packages)
        .run(SysctlScore::builder().key(super::ssh::PARAMETER).value(1).build()?);
    for unit in super::ssh::SERVICES {
        site = site.run(ServiceScore::builder().unit(unit).running(true).enabled(true).build()?);
    }
    for path in super::ssh::FILES {
        site =
            site.run(FileScore::builder().path(path).text(super::ssh::TEXT).mode("0644").build()?);
    }
    Ok(site)
}
