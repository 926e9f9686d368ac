//! Facts of real hosts, against what the hosts say themselves.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use e2e::host::{CAREFUL, DEPLOY, HostSetup, PLAIN, TestHost, TestHosts};
use harmony_capabilities::host::{Family, InitSystem, MachineKind, PackageTool};
use harmony_providers::linux::Linux;

use super::lab::{Way, shared};

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_what_the_host_says_and_come_in_one_round_trip() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    for user in ["root", DEPLOY, PLAIN] {
        let ssh = Way::to(host, user)?.connect().await?;
        let linux = Linux::connect(Arc::new(ssh.clone())).await?;
        // Who has no sudo is told so first.
        let most = if user == PLAIN { 2 } else { 1 };
        ensure!(ssh.round_trips() <= most, "{user}: {} round trips", ssh.round_trips());
        ensure!(linux.facts().login.name == user, "{:?}", linux.facts().login);
        agree(host, &linux)?;
    }
    let careful = Way::to(host, CAREFUL)?.with_password();
    agree(host, &careful.linux().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chatty_shell_another_language_and_one_session_change_no_fact() -> Result<()> {
    let chatty = HostSetup::new().shell_banner("Willkommen!\nID=arch\n").locale("de_DE.UTF-8");
    let narrow =
        HostSetup::new().sshd("MaxSessions 1").sshd("DisableForwarding yes").without_sftp();
    let hosts = TestHosts::start_with(&[chatty, narrow])?;
    for host in hosts.iter() {
        agree(host, &Way::to(host, "root")?.linux().await?)?;
    }
    Ok(())
}

fn agree(host: &TestHost, linux: &Linux) -> Result<()> {
    let facts = linux.facts();
    ensure!(facts.host_name == host.name(), "{}", facts.host_name);
    ensure!(facts.distribution.id == "debian", "{:?}", facts.distribution);
    ensure!(facts.distribution.family() == Some(Family::Debian));
    ensure!(facts.kernel == host.sh("uname -r")?.trim());
    ensure!(facts.processors.to_string() == host.sh("nproc")?.trim());
    ensure!(facts.init == InitSystem::Systemd && facts.package_tool == Some(PackageTool::Apt));
    ensure!(facts.machine == MachineKind::Container("systemd-nspawn".to_owned()));
    ensure!(facts.clock_ahead.by.as_secs() < 5, "{:?}", facts.clock_ahead);
    let card = facts.interfaces.iter().find(|it| it.name.as_str() == "host0");
    let card = card.context("the network card is missing")?;
    let mac = card.mac.context("it has no hardware address")?;
    ensure!(mac.to_string() == host.sh("cat /sys/class/net/host0/address")?.trim());
    let address = host.address().to_string();
    let found = format!("{:?}", card.addresses);
    ensure!(found.contains(&address), "{found}");
    Ok(())
}
