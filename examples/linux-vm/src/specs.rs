use harmony_capabilities::virtualization::{
    BootDevice, Cdrom, Disk, NetworkSpec, Nic, PoolSpec, SpecError, VmSpec, VolumeSpec,
};
use harmony_types::{MacAddress, ObjectName};

use crate::{Installer, LinuxVm};

/// The pool for the disk and the installer.
pub const POOL: &str = "linux-vm";
/// The isolated network.
pub const NETWORK: &str = "linux-vm";
/// The volume that an installer's image is put into.
pub const INSTALLER: &str = "installer.iso";

const MAC: MacAddress = MacAddress::qemu([0, 101, 10]);

/// A folder of the host for the disk and the installer.
///
/// # Errors
/// When a text cannot be read; the error names the field.
pub fn pool(options: &LinuxVm) -> Result<PoolSpec, SpecError> {
    PoolSpec::builder().name(POOL).path(options.image_dir.clone()).build()
}

/// 192.168.101.0/24: the machine and the host see each other, and nothing else.
///
/// # Errors
/// When a text cannot be read; the error names the field.
pub fn network(options: &LinuxVm) -> Result<NetworkSpec, SpecError> {
    let builder = NetworkSpec::builder()
        .name(NETWORK)
        .subnet("192.168.101.0/24")
        .dhcp_range("192.168.101.100-192.168.101.200");
    match options.name.as_str().parse() {
        Ok::<harmony_types::Hostname, _>(name) => {
            builder.named_lease(name, MAC, [192, 168, 101, 10]).build()
        }
        Err(_) => builder.lease(MAC, [192, 168, 101, 10]).build(),
    }
}

/// The machine's disk, which takes only the room that is written to.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn disk(options: &LinuxVm) -> Result<VolumeSpec, SpecError> {
    VolumeSpec::builder().pool(POOL).name(disk_name(options)).capacity(options.disk).build()
}

/// The machine: boots the installer as long as the drive holds one, then its disk.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn machine(options: &LinuxVm) -> Result<VmSpec, SpecError> {
    let cdrom = match options.installer()? {
        Installer::Image(_) => Cdrom::volume(POOL, INSTALLER)?,
        Installer::Nothing => Cdrom::empty(),
        Installer::Volume(volume) => Cdrom::from(volume),
    };
    VmSpec::builder()
        .name(options.name.clone())
        .vcpus(options.vcpus)
        .memory(options.memory)
        .acceleration(options.acceleration)
        .disk(Disk::volume(POOL, disk_name(options))?)
        .cdrom(cdrom)
        .nic(Nic::on(NETWORK)?.mac(MAC))
        .boot_order([BootDevice::Cdrom, BootDevice::Disk])
        .build()
}

fn disk_name(options: &LinuxVm) -> String {
    let name: &ObjectName = &options.name;
    format!("{name}.qcow2")
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
        assert_eq!(machine(&image).unwrap().cdroms, [Cdrom::volume(POOL, INSTALLER).unwrap()]);
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
    fn sizes_without_sense_are_refused_with_the_field() {
        let error = machine(&options(&["--vcpus", "0"])).unwrap_err();
        assert!(error.to_string().contains("vcpus"), "{error}");
    }
}
