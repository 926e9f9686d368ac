//! What is wanted of the hypervisor, as the options say.

use harmony_capabilities::virtualization::{
    BootDevice, Disk, NetworkBoot, NetworkMode, NetworkSpec, Nic, PoolSpec, SpecError, VmSpec,
    VolumeSpec,
};

use crate::{KvmOkdHa, Node, nodes};

/// The pool for the machines' disks.
pub const POOL: &str = "kvm-okd-ha";
/// The cluster's network.
pub const LAN: &str = "harmonylan";
/// The network that the gateway's second card is plugged into.
pub const WAN: &str = "harmonywan";

/// A folder of the host for the disks.
///
/// # Errors
/// When a text cannot be read; the error names the field.
pub fn pool(options: &KvmOkdHa) -> Result<PoolSpec, SpecError> {
    PoolSpec::builder().name(POOL).path(options.image_dir.clone()).build()
}

/// 192.168.100.0/24: each machine always gets its own address, and boots what the options say.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn lan(options: &KvmOkdHa) -> Result<NetworkSpec, SpecError> {
    let builder = NetworkSpec::builder()
        .name(LAN)
        .mode(NetworkMode::Nat)
        .subnet("192.168.100.0/24")
        .dhcp_range("192.168.100.100-192.168.100.200")
        .maybe_tftp_root(options.tftp_root.clone())
        .maybe_boot(options.boot_file.as_ref().map(NetworkBoot::file));
    let lease = |node: &Node| (node.name(), node.mac(), node.address());
    nodes(options.scale)
        .iter()
        .map(lease)
        .fold(builder, |builder, (name, mac, address)| builder.named_lease(name, mac, address))
        .build()
}

/// 192.168.99.0/24: where the gateway meets the world.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn wan() -> Result<NetworkSpec, SpecError> {
    NetworkSpec::builder()
        .name(WAN)
        .mode(NetworkMode::Nat)
        .subnet("192.168.99.0/24")
        .dhcp_range("192.168.99.100-192.168.99.200")
        .build()
}

/// The disk of a machine, which takes only the room that is written to.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn disk(node: &Node) -> Result<VolumeSpec, SpecError> {
    VolumeSpec::builder().pool(POOL).name(node.disk_name()).capacity(node.size.disk).build()
}

/// A machine: boots from its disk, and from the network as long as that is blank.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn machine(options: &KvmOkdHa, node: &Node) -> Result<VmSpec, SpecError> {
    let file = |folder: &harmony_types::HostPath| format!("{folder}/{}.log", node.name());
    let builder = VmSpec::builder()
        .name(node.name())
        .vcpus(node.size.vcpus)
        .memory(node.size.memory)
        .acceleration(options.acceleration)
        .maybe_serial_log(options.serial_dir.as_ref().map(file))
        .boot_order([BootDevice::Disk, BootDevice::Network])
        .disk(Disk::volume(POOL, node.disk_name())?)
        .nic(Nic::on(LAN)?.mac(node.mac()));
    match node.uplink_mac() {
        Some(mac) => builder.nic(Nic::on(WAN)?.mac(mac)).build(),
        None => builder.build(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: KvmOkdHa,
    }

    fn options(arguments: &[&str]) -> KvmOkdHa {
        let line = ["kvm-okd-ha"].iter().chain(arguments);
        Line::try_parse_from(line).unwrap().options
    }

    #[test]
    fn every_machine_has_its_lease() {
        let lan = lan(&options(&[])).unwrap();
        let leases: Vec<_> = lan.leases.iter().map(|lease| lease.ip.to_string()).collect();
        let hosts = [2, 10, 11, 12, 20, 21, 22];
        assert_eq!(leases, hosts.map(|host| format!("192.168.100.{host}")));
    }

    #[test]
    fn every_machine_boots_from_the_network_while_its_disk_is_blank() {
        let options = options(&["--scale", "tiny"]);
        for node in nodes(options.scale) {
            let machine = machine(&options, &node).unwrap();
            assert_eq!(machine.boot_order, [BootDevice::Disk, BootDevice::Network]);
            assert_eq!(machine.nics.len(), if node.uplink_mac().is_some() { 2 } else { 1 });
        }
    }

    #[test]
    fn what_is_booted_is_an_argument() {
        let options = options(&["--tftp-root", "/srv/tftp", "--boot-file", "boot.ipxe"]);
        let lan = lan(&options).unwrap();
        assert_eq!(lan.tftp_root.as_ref().unwrap().as_str(), "/srv/tftp");
        assert_eq!(lan.boot.as_ref().unwrap().file, "boot.ipxe");
    }

    #[test]
    fn serial_lines_are_written_where_the_arguments_say() {
        let options = options(&["--serial-dir", "/var/tmp/serial"]);
        let gateway = machine(&options, &nodes(options.scale)[0]).unwrap();
        assert_eq!(
            gateway.serial_log.as_ref().unwrap().as_str(),
            "/var/tmp/serial/okd-gateway.log"
        );
    }
}
