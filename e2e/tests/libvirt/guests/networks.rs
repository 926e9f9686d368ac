//! Networks of every mode, and a guest that has a card on each.

use std::path::Path;
use std::process;

use anyhow::{Result, ensure};
use e2e::guest::LEASE_LINE;
use e2e::run;
use harmony_capabilities::virtualization::{
    BootSign, Hypervisor, NetworkMode, NetworkSpec, Nic, VirtualMachineScore, VirtualNetworkScore,
    VirtualNetworks,
};

use super::lab::{BOOT, Lab};
use super::specs;

/// A bridge of the host, which somebody else has made.
struct Bridge(String);

impl Bridge {
    fn new() -> Result<Self> {
        let name = format!("e2e-br{}", process::id());
        run(Path::new("/"), "ip", &["link", "add", &name, "type", "bridge"])?;
        run(Path::new("/"), "ip", &["link", "set", &name, "up"])?;
        Ok(Self(name))
    }

    fn ports(&self) -> Result<usize> {
        let ports = run(Path::new("/"), "ip", &["-o", "link", "show", "master", &self.0])?;
        Ok(ports.lines().count())
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        if let Err(error) = run(Path::new("/"), "ip", &["link", "del", &self.0]) {
            log::warn!("removing the bridge {}: {error}", self.0);
        }
    }
}

#[tokio::test]
async fn a_guest_has_a_card_on_a_network_of_every_mode() -> Result<()> {
    let lab = Lab::new()?;
    let bridge = Bridge::new()?;
    let routed = NetworkMode::Routed { dev: None };
    let networks = [
        specs::lan(&lab, 11, |net| net.mode = NetworkMode::Isolated)?,
        specs::lan(&lab, 12, |net| net.mode = NetworkMode::Nat)?,
        specs::lan(&lab, 13, |net| net.mode = routed)?,
        NetworkSpec::builder()
            .name(lab.name("bridged"))
            .mode(NetworkMode::HostBridge { bridge: bridge.0.parse()? })
            .build()?,
    ];
    let machine = specs::tiny(&lab, "everywhere", 11, |fields| {
        let cards = (11..).zip(&networks);
        fields.nics = cards
            .map(|(number, network)| Nic::from(network.name.clone()).mac(specs::mac(number)))
            .collect();
    })?;
    let site = networks
        .iter()
        .fold(lab.site(), |site, network| site.run(VirtualNetworkScore::new(network.clone())))
        .run(VirtualMachineScore::new(machine.clone()));
    let host = lab.build(&site).await?;

    for (network, mode) in networks.iter().zip(["", "nat", "route", "bridge"]) {
        let xml = lab.virsh(&["net-dumpxml", network.name.as_str()])?;
        let forward = xml.split_once("<forward mode='").map_or("", |(_, rest)| rest);
        ensure!(forward.split('\'').next() == Some(mode), "{mode}: {xml}");
    }
    ensure!(bridge.ports()? == 1, "the last card is plugged into the host's bridge");
    let sign = BootSign::Lease;
    host.wait_until_booted(lab.ctx(), &machine.name, &sign, Some(BOOT)).await?;
    for (card, number) in (0..3).zip(11..) {
        let begin = format!("{LEASE_LINE} card=eth{card}");
        let line = lab.line(&lab.serial("everywhere"), &begin, 1).await?;
        ensure!(line.contains(&format!("ip={} ", specs::address(number))), "{line}");
    }
    let leases = host.leases(&networks[2].name).await?;
    ensure!(leases.iter().any(|lease| lease.mac == specs::mac(13)), "{leases:?}");
    lab.take_down(&site).await?;
    ensure!(bridge.ports()? == 0, "the host's bridge is the host's");
    Ok(())
}

#[tokio::test]
async fn names_are_resolved_and_an_update_does_not_interrupt() -> Result<()> {
    let lab = Lab::new()?;
    let first = specs::lan(&lab, 14, |net| net.domain = "e2e.test".parse().ok())?;
    let site = |network| lab.site().run(VirtualNetworkScore::new(network));
    let _ = lab.build(&site(first.clone())).await?;
    let before = bridge_of(&lab, &first)?;

    let mut fields = first.into_fields();
    let (old, new) = (specs::host(14, 10), specs::host(14, 20));
    fields.leases[0].ip = new.into();
    let second = NetworkSpec::try_from(fields)?;
    let _ = lab.build(&site(second.clone())).await?;
    ensure!(bridge_of(&lab, &second)? == before, "a changed lease restarts no network");
    let live = lab.virsh(&["net-dumpxml", second.name.as_str()])?;
    let has = |ip| live.contains(&format!("ip='{ip}'"));
    ensure!(has(new) && !has(old), "{live}");
    lab.take_down(&site(second)).await
}

/// The number of a network's bridge on the host, which is another one after a restart.
fn bridge_of(lab: &Lab, network: &NetworkSpec) -> Result<String> {
    let xml = lab.virsh(&["net-dumpxml", network.name.as_str()])?;
    let name = xml.split_once("<bridge name='").and_then(|(_, rest)| rest.split('\'').next());
    let link = format!("/sys/class/net/{}/ifindex", name.unwrap_or_default());
    Ok(std::fs::read_to_string(link)?)
}
