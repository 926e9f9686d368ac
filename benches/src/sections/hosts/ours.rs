//! The measured passes, through Harmony.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use e2e::host::ClientHome;
use harmony_capabilities::{
    host::{Command, CommandExecution as _, FileScore, PackageScore, ServiceScore, SysctlScore},
    virtualization::Acceleration,
};
use harmony_phases::{Context, Intent, Pipeline, Topology, phases};
use harmony_providers::{
    kvm_host::{ConnectSsh, Declared, InstallKvm, KvmHostAddress},
    linux::Linux,
    ssh::{Ssh, SshConfig, SshOptions},
};
use harmony_types::SshAddress;
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

impl Ours {
    pub(super) fn new(home: &ClientHome) -> anyhow::Result<Self> {
        Ok(Self { runtime: Runtime::new()?, config: SshConfig::file(home.ssh_config()) })
    }

    /// Brings the first `count` hosts to where there is nothing to do.
    pub(super) fn prepare(&self, count: usize) -> anyhow::Result<()> {
        self.run(count).map(drop)
    }

    /// How long a pass over the first `count` hosts takes, in seconds.
    pub(super) fn pass(&self, count: usize) -> anyhow::Result<f64> {
        let (took, changed) = time(|| self.run(count));
        ensure!(!changed?, "there was something to do");
        Ok(took.as_secs_f64())
    }

    fn run(&self, count: usize) -> anyhow::Result<bool> {
        self.runtime.block_on(async {
            let mut passes = JoinSet::new();
            for number in 1..=count {
                passes.spawn(one(format!("h{number}"), self.config.clone()));
            }
            let mut changed = false;
            while let Some(pass) = passes.join_next().await {
                changed |= pass??;
            }
            Ok(changed)
        })
    }

    /// How long it takes to send `file` to the first host, in seconds.
    pub(super) fn upload(&self, file: &Path) -> anyhow::Result<f64> {
        let (took, sent) = time(|| {
            self.runtime.block_on(async {
                let ctx = context()?;
                let ssh = Ssh::connect(&ctx, options("h1", &self.config)?).await?;
                let write = Command::script("cat >/var/tmp/upload").input_file(Arc::from(file));
                let intent = Intent::new("upload", "a file");
                let output = ssh.execute(&ctx, &intent, &write).await?;
                ensure!(output.succeeded(), "{output:?}");
                anyhow::Ok(())
            })
        });
        sent?;
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

/// One pass over one host; whether it changed anything.
async fn one(name: String, config: SshConfig) -> anyhow::Result<bool> {
    let ctx = context()?;
    let ssh = Ssh::connect(&ctx, options(&name, &config)?).await?;
    let linux = Linux::connect(Arc::new(ssh)).await?;
    Ok(site()?.execute(&ctx, on(&name, linux)).await?.changed())
}

fn address(host: &str) -> anyhow::Result<SshAddress> {
    Ok(format!("root@{host}").parse()?)
}

fn options(host: &str, config: &SshConfig) -> anyhow::Result<SshOptions> {
    Ok(SshOptions::to(address(host)?).config(config.clone()))
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
