//! What is wanted of the hypervisor, as the options say.

use harmony_capabilities::virtualization::{
    BootDevice, Cdrom, Disk, IsoSpec, KernelBoot, NetworkSpec, Nic, PoolSpec, SpecError, VmSpec,
    VolumeSpec,
};
use harmony_types::{IpNet, MacAddress};

use crate::{Installer, LinuxVm};

/// The volume that an installer's image is put into.
pub const INSTALLER: &str = "installer.iso";

/// A folder of the host for the disk and the installer.
///
/// # Errors
/// When a text cannot be read; the error names the field.
pub fn pool(options: &LinuxVm) -> Result<PoolSpec, SpecError> {
    PoolSpec::builder().name(&options.pool).path(&options.image_dir).build()
}

/// An isolated network: the machine and the host see each other, and nothing else.
///
/// The machine always gets the tenth address; others get the hundredth to the two-hundredth.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn network(options: &LinuxVm) -> Result<NetworkSpec, SpecError> {
    let host = |number: usize| options.subnet.hosts().nth(number - 1);
    let mut builder = NetworkSpec::builder().name(&options.network).subnet(options.subnet);
    if let (Some(first), Some(last)) = (host(100), host(200)) {
        builder = builder.dhcp_range(format!("{first}-{last}"));
    }
    if let Some(address) = host(10) {
        builder = builder.lease(mac(options), address);
    }
    builder.build()
}

/// The installer's image, where there is one to be put into the pool.
///
/// # Errors
/// When the image's address cannot be read.
pub fn installer(options: &LinuxVm) -> Result<Option<IsoSpec>, SpecError> {
    match options.installer()? {
        Installer::Image(source) => {
            IsoSpec::builder().pool(&options.pool).name(INSTALLER).source(source).build().map(Some)
        }
        Installer::Nothing | Installer::Volume(_) => Ok(None),
    }
}

/// The machine's disk, which takes only the room that is written to.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn disk(options: &LinuxVm) -> Result<VolumeSpec, SpecError> {
    VolumeSpec::builder()
        .pool(&options.pool)
        .name(disk_name(options))
        .capacity(options.disk)
        .build()
}

/// The machine: boots the installer as long as the drive holds one, then its disk.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn machine(options: &LinuxVm) -> Result<VmSpec, SpecError> {
    let cdrom = match options.installer()? {
        Installer::Image(_) => Cdrom::volume(&options.pool, INSTALLER)?,
        Installer::Nothing => Cdrom::empty(),
        Installer::Volume(volume) => Cdrom::from(volume),
    };
    let builder = VmSpec::builder()
        .name(&options.name)
        .vcpus(options.vcpus)
        .memory(options.memory)
        .acceleration(options.acceleration)
        .maybe_serial_log(options.serial_log.as_ref())
        .disk(Disk::volume(&options.pool, disk_name(options)))
        .cdrom(cdrom)
        .nic(Nic::on(&options.network)?.mac(mac(options)));
    match kernel(options) {
        Some(kernel) => builder.kernel(kernel).build(),
        None => builder.boot_order([BootDevice::Cdrom, BootDevice::Disk]).build(),
    }
}

fn kernel(options: &LinuxVm) -> Option<KernelBoot> {
    let (initrd, cmdline) = (options.initrd.clone(), options.cmdline.clone());
    options.kernel.clone().map(|kernel| KernelBoot { kernel, initrd, cmdline })
}

/// The address of the machine's network card, which tells its subnet.
fn mac(options: &LinuxVm) -> MacAddress {
    let subnet = match options.subnet {
        IpNet::V4(subnet) => subnet.network().octets()[2],
        IpNet::V6(subnet) => subnet.network().octets()[7],
    };
    MacAddress::qemu([0, subnet, 10])
}

fn disk_name(options: &LinuxVm) -> String {
    format!("{}.qcow2", options.name)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: LinuxVm,
    }

    fn options(arguments: &[&str]) -> LinuxVm {
        let line = ["linux-vm"].iter().chain(arguments);
        Line::try_parse_from(line).unwrap().options
    }

    #[test]
    fn the_defaults_are_those_of_the_readme() {
        let machine = machine(&options(&[])).unwrap();
        assert_eq!((machine.vcpus, machine.memory.to_string().as_str()), (2, "4 GiB"));
        assert_eq!(machine.boot_order, [BootDevice::Cdrom, BootDevice::Disk]);
        assert_eq!(machine.cdroms, [Cdrom::empty()]);
        assert_eq!(disk(&options(&[])).unwrap().capacity.unwrap().to_string(), "20 GiB");
        assert_eq!(network(&options(&[])).unwrap().subnet.unwrap().to_string(), "192.168.101.0/24");
    }

    #[test]
    fn sizes_are_arguments() {
        let machine = machine(&options(&["--vcpus", "1", "--memory", "512MiB"])).unwrap();
        assert_eq!((machine.vcpus, machine.memory.to_string().as_str()), (1, "512 MiB"));
    }

    #[test]
    fn an_installer_fills_the_drive() {
        let image = options(&["--iso", "/srv/debian.iso", "--iso-unverified"]);
        assert_eq!(
            machine(&image).unwrap().cdroms,
            [Cdrom::volume("linux-vm", INSTALLER).unwrap()]
        );
        let volume = options(&["--iso-volume", "isos/debian.iso"]);
        assert_eq!(
            machine(&volume).unwrap().cdroms,
            [Cdrom::volume("isos", "debian.iso").unwrap()]
        );
    }

    #[test]
    fn an_image_needs_a_word_about_its_checksum() {
        let error = Line::try_parse_from(["linux-vm", "--iso", "a.iso"]).unwrap_err();
        assert!(error.to_string().contains("--iso-sha256"), "{error}");
    }

    #[test]
    fn a_kernel_boots_from_no_device() {
        let machine = machine(&options(&["--kernel", "/boot/vmlinuz", "--cmdline", "quiet"]));
        let machine = machine.unwrap();
        assert!(machine.boot_order.is_empty());
        assert_eq!(machine.kernel.as_ref().unwrap().cmdline, "quiet");
    }

    #[test]
    fn another_subnet_has_other_addresses() {
        let options = options(&["--subnet", "10.7.3.0/24"]);
        let network = network(&options).unwrap();
        assert_eq!(network.leases[0].ip.to_string(), "10.7.3.10");
        assert_eq!(network.dhcp[0].to_string(), "10.7.3.100-10.7.3.200");
        assert_eq!(network.leases[0].mac.to_string(), "52:54:00:00:03:0a");
    }

    #[test]
    fn sizes_without_sense_are_refused_with_the_field() {
        let error = machine(&options(&["--vcpus", "0"])).unwrap_err();
        assert!(error.to_string().contains("vcpus"), "{error}");
    }
}
