//! The example programs, run for real.

use anyhow::{Error, Result, ensure};
use e2e::guest::{LEASE_LINE, TftpRoot};
use harmony_capabilities::virtualization::{
    Acceleration, Hypervisor, PowerStatus, VirtualNetworks,
};
use harmony_cli::Program as _;
use harmony_types::ByteSize;
use kvm_okd_ha::{KvmOkdHa, Scale};
use linux_vm::LinuxVm;

use super::lab::Lab;
use super::{installer, specs};

#[tokio::test]
async fn the_linux_vm_boots_its_installer() -> Result<()> {
    let lab = Lab::new()?;
    let checksum = installer::write(&lab)?;
    let options = LinuxVm {
        name: lab.name("web").parse()?,
        vcpus: 2,
        memory: ByteSize::mib(256),
        disk: ByteSize::gib(20),
        iso: Some(lab.place("installer.iso")),
        iso_sha256: Some(checksum),
        iso_unverified: false,
        iso_volume: None,
        kernel: None,
        initrd: None,
        cmdline: String::new(),
        serial_log: Some(lab.serial("web").path().to_string_lossy().parse()?),
        network: lab.name("isolated").parse()?,
        subnet: specs::subnet(21).parse()?,
        pool: lab.name("pool").parse()?,
        uri: lab.uri().to_owned(),
        image_dir: lab.place("pool").parse()?,
        acceleration: Acceleration::Tcg,
    };
    let site = linux_vm::site(&options)?;
    let host = lab.build(&site).await?;

    lab.line(&lab.serial("web"), installer::GREETING, 1).await?;
    let found = host.machine(&options.name).await?.map(|machine| machine.power);
    ensure!(found == Some(PowerStatus::Running), "{found:?}");
    lab.take_down(&site).await
}

/// Its names and its subnets are fixed, so it has a libvirtd of its own.
#[tokio::test]
async fn the_okd_machines_boot_from_their_network_to_their_addresses() -> Result<()> {
    let lab = Lab::alone()?;
    let root = TftpRoot::booting(&Lab::tiny()?)?;
    let options = KvmOkdHa {
        scale: Scale::Tiny,
        tftp_root: Some(root.path().to_string_lossy().parse()?),
        boot_file: Some(root.boot_file().to_owned()),
        serial_dir: Some(lab.folder().parse()?),
        uri: lab.uri().to_owned(),
        image_dir: lab.place("pool").parse()?,
        acceleration: Acceleration::Tcg,
    };
    let site = kvm_okd_ha::site(&options)?;
    let host = lab.build(&site).await?;

    let nodes = kvm_okd_ha::nodes(options.scale);
    ensure!(nodes.len() == 7);
    for node in &nodes {
        let log = lab.serial(&node.name());
        let line = lab.line(&log, &format!("{LEASE_LINE} card=eth0"), 1).await?;
        let (mac, ip) = (node.mac(), node.address().map(|part| part.to_string()).join("."));
        let lease = format!("mac={mac} ip={ip} hostname={}", node.name());
        ensure!(line.contains(&lease), "not {lease} but {line}");
        if let Some(uplink) = node.uplink_mac() {
            let line = lab.line(&log, &format!("{LEASE_LINE} card=eth1"), 1).await?;
            ensure!(line.contains(&format!("mac={uplink} ip=192.168.99.")), "{line}");
        }
    }
    let leases = host.leases(&kvm_okd_ha::specs::LAN.parse()?).await?;
    ensure!(leases.len() == nodes.len(), "{leases:?}");
    let table = options.status(&host).await.map_err(Error::from_boxed)?;
    ensure!(table.matches("taken").count() == nodes.len(), "{table}");
    let _ = lab.rebuild(&site).await?;
    lab.take_down(&site).await
}
