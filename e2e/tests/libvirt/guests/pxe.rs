//! A network that machines boot from.

use anyhow::{Result, ensure};
use e2e::guest::{LEASE_LINE, READY_LINE, TftpRoot};
use harmony_capabilities::virtualization::{
    BootDevice, BootSign, Disk, Hypervisor, NetworkBoot, NetworkMode, Nic, StoragePoolScore,
    VirtualMachineScore, VirtualNetworkScore, VolumeScore,
};
use harmony_types::ByteSize;

use super::lab::{BOOT, Lab};
use super::specs;

/// The disk is blank and the first card's network boots nobody, so it is the second card that does.
#[tokio::test]
async fn a_machine_boots_from_the_network_of_its_second_card() -> Result<()> {
    let lab = Lab::new()?;
    let root = TftpRoot::booting(&Lab::tiny()?)?;
    let plain = specs::lan(&lab, 3, |fields| fields.mode = NetworkMode::Isolated)?;
    let booting = specs::lan(&lab, 4, |fields| {
        fields.tftp_root = root.path().to_string_lossy().parse().ok();
        fields.boot = Some(NetworkBoot::file(root.boot_file()));
    })?;
    let cards = [
        Nic::from(plain.name.clone()).mac(specs::mac(3)),
        Nic::from(booting.name.clone()).mac(specs::mac(4)),
    ];
    let disk = specs::volume(&lab, "blank.qcow2")?;
    let machine = specs::machine(&lab, "pxe", |fields| {
        fields.memory = ByteSize::mib(768);
        fields.disks = vec![Disk::from(disk)];
        fields.nics = cards.to_vec();
        fields.boot_order = vec![BootDevice::Disk, BootDevice::NetworkAt(1)];
    })?;
    let site = lab
        .site()
        .run(StoragePoolScore::new(specs::pool(&lab)?))
        .run(VirtualNetworkScore::new(plain))
        .run(VirtualNetworkScore::new(booting))
        .run(VolumeScore::new(specs::blank(&lab, "blank.qcow2")?))
        .run(VirtualMachineScore::new(machine.clone()));
    let host = lab.build(&site).await?;

    let sign = BootSign::SerialLine(READY_LINE.to_owned());
    host.wait_until_booted(lab.ctx(), &machine.name, &sign, Some(BOOT)).await?;
    for (card, number) in [("eth0", 3), ("eth1", 4)] {
        let lease = lab.line(&lab.serial("pxe"), &format!("{LEASE_LINE} card={card}"), 1).await?;
        let (mac, ip) = (specs::mac(number), specs::address(number));
        ensure!(lease.contains(&format!("mac={mac} ip={ip} ")), "{lease}");
    }
    let _ = lab.rebuild(&site).await?;
    lab.take_down(&site).await
}
