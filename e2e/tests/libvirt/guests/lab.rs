//! One test's own corner of a libvirtd.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::guest::TinyGuest;
use e2e::{Cache, LibvirtDaemon, Namespace, PrivateLibvirt, Scratch, SerialLog, virsh};
use harmony_phases::context::{EffectRecorder, Look, WaitError, Waiting};
use harmony_phases::{Context, Outcome, OutcomeStatus, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};

/// How long a guest may take to boot: emulated, and next to others.
pub(super) const BOOT: Duration = Duration::from_mins(8);

/// From a host that is only named to what a test builds on its hypervisor.
pub(super) type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

/// Names and files that nobody else uses, and the way to build a site with them.
pub(super) struct Lab {
    // Dropped in this order: what runs is swept before its files go.
    names: Namespace,
    files: Scratch,
    ctx: Context,
    effects: EffectRecorder,
    alone: Option<PrivateLibvirt>,
}

impl Lab {
    /// A corner of the machine's own libvirtd.
    pub(super) fn new() -> Result<Self> {
        Self::on(LibvirtDaemon::shared()?.uri().to_owned(), None)
    }

    /// A libvirtd of its own, for names and subnets that are fixed.
    pub(super) fn alone() -> Result<Self> {
        let daemon = PrivateLibvirt::start()?;
        Self::on(daemon.uri(), Some(daemon))
    }

    fn on(uri: String, alone: Option<PrivateLibvirt>) -> Result<Self> {
        let effects = EffectRecorder::default();
        let ctx = Context::builder("guests".parse()?).effects(effects.clone()).build();
        Ok(Self { names: Namespace::new(uri), files: Scratch::new()?, ctx, effects, alone })
    }

    /// Breaks KVM of a libvirtd of its own.
    pub(super) fn break_kvm(&mut self) -> Result<()> {
        self.alone.as_mut().context("a libvirtd of its own")?.break_kvm()
    }

    pub(super) fn ctx(&self) -> &Context {
        &self.ctx
    }

    pub(super) fn uri(&self) -> &str {
        self.names.uri()
    }

    /// The full name of `name`, which nothing else on this libvirtd has.
    pub(super) fn name(&self, name: &str) -> String {
        self.names.name(name)
    }

    /// The folder of the test's files, as text.
    pub(super) fn folder(&self) -> String {
        self.files.path().to_string_lossy().into_owned()
    }

    /// The path of `name` among the test's files.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.files.join(name)
    }

    /// The same, as text.
    pub(super) fn place(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    pub(super) fn virsh(&self, args: &[&str]) -> Result<String> {
        virsh(self.uri(), args)
    }

    pub(super) fn tiny() -> Result<TinyGuest> {
        TinyGuest::cached(&Cache::open()?)
    }

    /// A site on this hypervisor, with nothing on it yet.
    pub(super) fn site(&self) -> Site {
        Self::site_by(ConnectHypervisor::new(self.uri()))
    }

    /// The same, connected in another way.
    pub(super) fn site_by(connect: ConnectHypervisor) -> Site {
        Pipeline::start().advance(ConnectLocal).advance(connect)
    }

    /// Builds `site`, and proves that building it again finds nothing to do, and that every call
    /// that changed something was an effect.
    pub(super) async fn build(&self, site: &Site) -> Result<Topology<KvmHost>> {
        let before = self.effects.count();
        let first = site.execute(&self.ctx, Self::start()).await?;
        ensure!(first.changed(), "the first run found nothing to do: {:?}", first.completed);
        let effects = self.effects.count() - before;
        let calls = changing_calls(&first.topology);
        ensure!(calls == effects as u64, "{calls} changing calls were made in {effects} effects");
        self.rebuild(site).await
    }

    /// Proves that `site` stands as described.
    pub(super) async fn rebuild(&self, site: &Site) -> Result<Topology<KvmHost>> {
        let plan = site.plan(&self.ctx, Self::start()).await?;
        ensure!(plan.is_noop(), "a plan of what stands wants to change it: {plan}");
        let again = site.execute(&self.ctx, Self::start()).await?;
        ensure!(!again.changed(), "the second run changed something: {:?}", again.completed);
        ensure!(changing_calls(&again.topology) == 0, "what does nothing calls nothing");
        Ok(again.topology)
    }

    /// Takes `site` down, and proves that nothing of it is left.
    pub(super) async fn take_down(&self, site: &Site) -> Result<()> {
        let down = site.teardown(&self.ctx, Self::start()).await?;
        ensure!(down.stays.is_none(), "the teardown ended early: {:?}", down.stays);
        let left = self.left()?;
        ensure!(left.is_empty(), "left behind: {left:?}; {:?}", down.completed);
        let again = site.teardown(&self.ctx, Self::start()).await?;
        let changed: Vec<_> = again.completed.iter().filter(|step| step.changed()).collect();
        ensure!(changed.is_empty(), "the second teardown changed something: {changed:?}");
        Ok(())
    }

    /// What stands of this test, and the files of its pool.
    fn left(&self) -> Result<Vec<String>> {
        let prefix = if self.alone.is_some() { "" } else { self.names.prefix() };
        let mut left = Vec::new();
        for list in ["list", "net-list", "pool-list"] {
            let names = self.virsh(&[list, "--all", "--name"])?;
            let names = names.lines().map(str::trim);
            let ours = names.filter(|name| !name.is_empty() && name.starts_with(prefix));
            left.extend(ours.map(|name| format!("{list}: {name}")));
        }
        if let Ok(files) = fs::read_dir(self.path("pool")) {
            left.extend(files.flatten().map(|file| file.path().display().to_string()));
        }
        Ok(left)
    }

    pub(super) fn start() -> Topology<Declared> {
        Topology::new("host", Declared::here())
    }

    /// The log of a machine's serial line, as [`specs`](super::specs) names it.
    pub(super) fn serial(&self, machine: &str) -> SerialLog {
        SerialLog::new(self.path(&format!("{machine}.log")))
    }

    /// Waits until `count` lines on a serial line contain `text`, and answers the last of them.
    pub(super) async fn line(&self, log: &SerialLog, text: &str, count: usize) -> Result<String> {
        let condition = format!("{count} lines with {text:?} on the serial line");
        let waiting = Waiting::until(condition).every(Duration::from_millis(200)).deadline(BOOT);
        let seen = self.ctx.wait(waiting, || async {
            let printed = log.text();
            let line = printed.lines().filter(|line| line.contains(text)).nth(count - 1);
            Ok::<_, WaitError>(match line {
                Some(line) => Look::Seen(line.to_owned()),
                None => Look::NotYet(printed.lines().last().unwrap_or("nothing").to_owned()),
            })
        });
        seen.await.with_context(|| format!("the whole of it:\n{}", log.text()))
    }
}

/// How many calls that change something were made over a site's connection.
fn changing_calls(host: &Topology<KvmHost>) -> u64 {
    host.phase().libvirt().connection().changing_calls()
}

/// Fails unless something was done.
pub(super) fn done(outcome: &Outcome) -> Result<()> {
    ensure!(outcome.status == OutcomeStatus::Success, "{outcome:?}");
    Ok(())
}

/// Fails unless there was nothing to do.
pub(super) fn idle(outcome: &Outcome) -> Result<()> {
    ensure!(outcome.status == OutcomeStatus::Noop, "{outcome:?}");
    Ok(())
}
