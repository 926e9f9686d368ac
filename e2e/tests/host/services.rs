//! systemd as it is: what does not start, what may not, and what was changed meanwhile.

use std::fs;
use std::sync::Arc;

use anyhow::{Result, ensure};
use e2e::Scratch;
use e2e::host::{TestHost, TestHosts};
use harmony_capabilities::host::{
    Activity, Enablement, HostError, HostErrorKind, ServiceAction, ServiceManager, UnitName,
};
use harmony_phases::Context;
use harmony_providers::linux::Linux;
use harmony_providers::ssh::{Ssh, SshConfig, SshOptions};

const BAD: &str = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo no such port >&2; exit 3'\n";
const GOOD: &str =
    "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

/// A host, how it is reached, and the files of that.
struct Reached {
    ctx: Context,
    ssh: Ssh,
    linux: Linux,
    _files: Scratch,
}

async fn reach(host: &TestHost) -> Result<Reached> {
    let files = Scratch::new()?;
    fs::write(files.join("known_hosts"), host.known_hosts_line()?)?;
    let text = format!(
        "Host host\n HostName {}\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n \
         IdentityFile {}\n IdentityAgent none\n",
        host.address(),
        files.join("known_hosts").display(),
        host.login().private().display()
    );
    fs::write(files.join("config"), text)?;
    let options =
        SshOptions::to("root@host".parse()?).config(SshConfig::file(files.join("config")));
    let ctx = Context::for_site("lab".parse()?);
    let ssh = Ssh::connect(&ctx, options).await?;
    let linux = Linux::connect(Arc::new(ssh.clone())).await?;
    Ok(Reached { ctx, ssh, linux, _files: files })
}

impl Reached {
    async fn refused(&self, unit: &str, action: ServiceAction) -> Result<HostError> {
        let unit: UnitName = unit.parse()?;
        match self.linux.act(&self.ctx, &unit, action).await {
            Err(error) => Ok(error),
            Ok(()) => anyhow::bail!("{action} {unit} went well"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn services_start_or_say_why_not() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let (host, reached) = (&hosts[0], reach(&hosts[0]).await?);
    let Reached { ctx, ssh, linux, .. } = &reached;
    let write = |text: &str| {
        host.sh(&format!(
            "printf '%s' '{}' >/etc/systemd/system/h-shop.service",
            text.replace('\'', "'\\''")
        ))
    };
    let shop: UnitName = "h-shop".parse()?;
    let state = || linux.service(&shop);

    ensure!(state().await?.enablement == Enablement::Unknown);
    let error = reached.refused("h-shop", ServiceAction::Start).await?;
    ensure!(error.kind() == HostErrorKind::NotFound, "{error}");

    // It fails, and its own last words say why.
    write(BAD)?;
    let error = reached.refused("h-shop", ServiceAction::Start).await?;
    let said = format!("{:#}", anyhow::Error::from(error));
    ensure!(said.contains("no such port"), "{said}");
    ensure!(matches!(state().await?.activity, Activity::Failed(_)));

    // The definition that was mended is read before the next start.
    write(GOOD)?;
    ensure!(state().await?.stale);
    for action in [ServiceAction::Start, ServiceAction::Enable] {
        linux.act(ctx, &shop, action).await?;
    }
    let running = state().await?;
    ensure!(running.activity == Activity::Active && running.enablement == Enablement::Enabled);
    ensure!(!running.stale);

    // What is written after its start is later than it, and what is written before is not.
    let written = host.sh("touch /etc/h-shop; stat -c %.6Z /etc/h-shop")?;
    let written: u64 = written.trim().replace('.', "").parse()?;
    let started = running.started_at.unwrap_or_default();
    ensure!(started > 0 && started < written, "{started} {written}");
    linux.act(ctx, &shop, ServiceAction::Restart).await?;
    let started = state().await?.started_at.unwrap_or_default();
    ensure!(started > written, "{started} {written}");

    host.sh("systemctl disable -q h-shop; systemctl mask -q --runtime h-masked")?;
    let (alias, masked): (UnitName, UnitName) = ("sshd".parse()?, "h-masked".parse()?);
    let before = ssh.round_trips();
    let (ssh_state, shop_state, masked_state) =
        tokio::try_join!(linux.service(&alias), state(), linux.service(&masked))?;
    ensure!(ssh.round_trips() == before + 1, "three looks in one tick are one round trip");
    ensure!(ssh_state.activity == Activity::Active, "an alias is the unit: {ssh_state:?}");
    ensure!(shop_state.enablement == Enablement::Disabled);
    ensure!(masked_state.enablement == Enablement::Masked);
    let error = reached.refused("h-masked", ServiceAction::Start).await?;
    ensure!(error.kind() == HostErrorKind::Blocked, "{error}");
    let error = reached.refused("getty@", ServiceAction::Start).await?;
    ensure!(error.kind() == HostErrorKind::Invalid, "{error}");

    linux.act(ctx, &shop, ServiceAction::Stop).await?;
    ensure!(state().await?.activity == Activity::Inactive);
    Ok(())
}
