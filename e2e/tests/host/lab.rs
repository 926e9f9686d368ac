//! Hosts of this binary, how Harmony reaches them, and what is asked of every run.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Result, ensure};
use async_trait::async_trait;
use e2e::host::{Footprint, KeyPair, PASSWORD, TestHost, TestHosts, TestMachine, Wire};
use e2e::{Scratch, wait};

use harmony_phases::context::EffectRecorder;
use harmony_phases::event::EventBus;
use harmony_phases::secret::{SecretError, SecretSource};
use harmony_phases::{Context, Pipeline, Secret, SecretRef, Topology, phases};
use harmony_providers::linux::Linux;
use harmony_providers::ssh::{Escalation, Ssh, SshConfig, SshOptions};
use tokio::sync::{Mutex, MutexGuard};

/// A Linux host, as far as the roles go.
#[phases(any = AnyBare)]
pub mod bare {
    use harmony_capabilities::host::{
        AccountStore, CommandExecution, FileStore, HostFacts, KernelModules, PackageManager,
        ServiceManager, Sysctl,
    };
    use harmony_phases::Topology;
    use harmony_providers::linux::Linux;
    use harmony_providers::ssh::Ssh;

    /// A host that plays the roles of a Linux host.
    #[resting]
    pub struct Bare {
        #[grants(
            AccountStore,
            FileStore,
            HostFacts,
            KernelModules,
            PackageManager,
            ServiceManager,
            Sysctl
        )]
        linux: Linux,
        #[grants(CommandExecution)]
        ssh: Ssh,
    }

    /// The host as a topology.
    pub(crate) fn on(ssh: &Ssh, linux: &Linux) -> Topology<Bare> {
        Topology::new("host", Bare { linux: linux.clone(), ssh: ssh.clone() })
    }
}

pub(crate) use bare::{Bare, on};

pub(crate) type Site = Pipeline<Topology<Bare>, Topology<Bare>>;

/// Folders in which a run that has nothing to do writes nothing.
pub(crate) const WATCHED: [&str; 4] = ["/etc", "/usr", "/var/lib/dpkg", "/var/lib/harmony"];

/// Two hosts that the tests of this binary share, for whoever's turn it is. Each test has names of its own there.
pub(crate) async fn shared() -> Result<(MutexGuard<'static, ()>, &'static TestHosts)> {
    static TURN: Mutex<()> = Mutex::const_new(());
    static SHARED: OnceLock<TestHosts> = OnceLock::new();
    let turn = TURN.lock().await;
    if let Some(hosts) = SHARED.get() {
        return Ok((turn, hosts));
    }
    let hosts = TestHosts::start(2)?;
    let hosts = SHARED.get_or_init(|| hosts);
    Ok((turn, hosts))
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// What it did.
    pub(crate) effects: EffectRecorder,
    /// How many commands it ran, after the login.
    pub(crate) round_trips: u64,
}

/// How somebody reaches a host.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    user: String,
    /// What the client reads; it goes with the last who knows the way.
    files: Arc<Scratch>,
    escalation: Escalation,
}

impl Way {
    /// As `user`, straight to the host.
    pub(crate) fn to(host: &TestHost, user: &str) -> Result<Self> {
        let place = format!("HostName {}", host.address());
        Self::at(user, &place, &host.known_hosts_line()?, host.login())
    }

    /// As root to a virtual machine.
    pub(crate) fn to_machine(machine: &TestMachine) -> Result<Self> {
        let address = machine.ssh();
        let place = format!("HostName {}\n Port {}", address.ip(), address.port());
        Self::at("root", &place, &machine.known_hosts_line()?, machine.login())
    }

    /// As root to `host`, when the key of `other` is the one that is known.
    pub(crate) fn to_stranger(host: &TestHost, other: &TestHost) -> Result<Self> {
        let known = format!("{} {}\n", host.address(), other.host_key().public()?);
        Self::at("root", &format!("HostName {}", host.address()), &known, host.login())
    }

    /// As root, through a wire to the host.
    pub(crate) fn through(wire: &Wire, host: &TestHost) -> Result<Self> {
        let address = wire.address();
        let place = format!("HostName {}\n Port {}", address.ip(), address.port());
        Self::at("root", &place, &host.known_hosts_line_at(address)?, host.login())
    }

    fn at(user: &str, place: &str, known: &str, key: &KeyPair) -> Result<Self> {
        let files = Scratch::new()?;
        let known_hosts = files.join("known_hosts");
        fs::write(&known_hosts, known)?;
        let text = format!(
            "Host host\n {place}\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n \
             IdentityFile {}\n IdentityAgent none\n",
            known_hosts.display(),
            key.private().display()
        );
        fs::write(files.join("config"), text)?;
        let files = Arc::new(files);
        Ok(Self { user: user.to_owned(), files, escalation: Escalation::Sudo })
    }

    /// The configuration of `ssh` in which the host is called `host`.
    pub(crate) fn config(&self) -> PathBuf {
        self.files.join("config")
    }

    /// With the password of the users for sudo.
    pub(crate) fn with_password(mut self) -> Self {
        self.escalation = Escalation::SudoWithPassword(password());
        self
    }

    pub(crate) fn options(&self) -> Result<SshOptions> {
        let options = SshOptions::to(format!("{}@host", self.user).parse()?);
        let config = SshConfig::file(self.config());
        Ok(options.config(config).escalation(self.escalation.clone()))
    }

    pub(crate) async fn connect(&self) -> Result<Ssh> {
        Ok(Ssh::connect(&context(), self.options()?).await?)
    }

    pub(crate) async fn linux(&self) -> Result<Linux> {
        Ok(Linux::connect(Arc::new(self.connect().await?)).await?)
    }

    /// Runs `site` once, on a connection of its own.
    pub(crate) async fn run(&self, site: Site) -> Result<Ran> {
        self.run_with(site, &EventBus::default()).await
    }

    /// Runs `site` once and tells `events` about it.
    pub(crate) async fn run_with(&self, site: Site, events: &EventBus) -> Result<Ran> {
        let recorder = EffectRecorder::default();
        let ctx = Context::builder(site_name())
            .secret_source(OnePassword)
            .effects(recorder.clone())
            .events(events.clone())
            .build();
        let ssh = Ssh::connect(&ctx, self.options()?).await?;
        let linux = Linux::connect(Arc::new(ssh.clone())).await?;
        let finished = site.execute(&ctx, on(&ssh, &linux)).await;
        let finished = finished.map_err(|stopped| anyhow::anyhow!(told(&stopped)))?;
        ensure!(finished.changed() == (recorder.count() > 0), "an outcome hides what was done");
        Ok(Ran { effects: recorder, round_trips: ssh.round_trips() })
    }
}

/// Has `site` run twice: the second run has no effect, and the host writes nothing.
pub(crate) async fn settles(way: &Way, host: &TestHost, site: impl Fn() -> Site) -> Result<()> {
    way.run(site()).await?;
    stays(way, host, site).await
}

/// Has `site`, which is as it should be, run once more: no effect, and the host writes nothing.
pub(crate) async fn stays(way: &Way, host: &TestHost, site: impl Fn() -> Site) -> Result<()> {
    let before = footprint(host)?;
    let again = way.run(site()).await?;
    let effects = again.effects.effects();
    ensure!(effects.is_empty(), "a second run did something: {effects:?}");
    let written = before.changed_until(&footprint(host)?);
    ensure!(written.is_empty(), "a run with nothing to do has written {written:?}");
    Ok(())
}

/// Waits until nobody holds the lock of a host: a run that was cut off lets go of it when the host has noticed.
pub(crate) fn unlocked(host: &TestHost) -> Result<()> {
    let free = "[ ! -e /run/lock/harmony.lock ] || flock -n /run/lock/harmony.lock true";
    wait::until("the host's lock is free", Duration::from_mins(1), || host.sh(free)).map(drop)
}

pub(crate) fn footprint(host: &TestHost) -> Result<Footprint> {
    host.footprint(&WATCHED)
}

pub(crate) fn context() -> Context {
    Context::builder(site_name()).secret_source(OnePassword).build()
}

fn site_name() -> harmony_types::SiteName {
    "hosts".parse().expect("a site's name")
}

/// The password of the users of the hosts.
pub(crate) fn password() -> SecretRef {
    "test:password".parse().expect("a reference")
}

/// The whole chain of an error in one line, as an operator reads it.
pub(crate) fn told(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[derive(Debug)]
struct OnePassword;

#[async_trait]
impl SecretSource for OnePassword {
    async fn resolve(&self, asked: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        let known = asked.source() == "test" && asked.name() == "password";
        Ok(known.then(|| Secret::new(PASSWORD.to_owned())))
    }
}
