//! What is wanted of the hypervisor, as the options say.

use std::path::PathBuf;

use harmony_capabilities::virtualization::{
    BootDevice, Checksum, CloudInit, CloudUser, Disk, ImageSource, KernelBoot, NetworkMode,
    NetworkSpec, Nic, PoolSpec, SpecError, VmSpec, VolumeSpec,
};

use crate::KvmHostOptions;

/// What pool and network are called.
const NAME: &str = "kvm-host";

/// A folder of the host for the disk.
///
/// # Errors
/// None in practice: its texts are fixed.
pub fn pool() -> Result<PoolSpec, SpecError> {
    PoolSpec::builder().name(NAME).path("/var/lib/libvirt/images/kvm-host").autostart(true).build()
}

/// A network that reaches out behind the host's address.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn network(options: &KvmHostOptions) -> Result<NetworkSpec, SpecError> {
    let host = |number: usize| options.subnet.hosts().nth(number - 1);
    let network = NetworkSpec::builder()
        .name(NAME)
        .mode(NetworkMode::Nat)
        .subnet(options.subnet)
        .autostart(true);
    match (host(100), host(200)) {
        (Some(first), Some(last)) => network.dhcp_range(format!("{first}-{last}")).build(),
        _ => network.build(),
    }
}

/// The machine's disk: filled with the image where there is one, through the connection that is
/// open already, without a second copy here.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn disk(options: &KvmHostOptions) -> Result<VolumeSpec, SpecError> {
    VolumeSpec::builder()
        .pool(NAME)
        .name(disk_name(options))
        .capacity(options.disk)
        .maybe_source(image(options)?)
        .build()
}

/// The machine.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn machine(options: &KvmHostOptions) -> Result<VmSpec, SpecError> {
    let builder = VmSpec::builder()
        .name(&options.name)
        .vcpus(options.vcpus)
        .memory(options.memory)
        .acceleration(options.acceleration)
        .autostart(true)
        .maybe_serial_log(options.serial_log.as_ref())
        .maybe_cloud_init(seed(options)?)
        .disk(Disk::volume(NAME, disk_name(options)))
        .nic(Nic::on(NAME)?);
    match kernel(options) {
        Some(kernel) => builder.kernel(kernel).build(),
        None => builder.boot_order([BootDevice::Disk]).build(),
    }
}

fn image(options: &KvmHostOptions) -> Result<Option<ImageSource>, SpecError> {
    let checksum = options.image_sha256.map_or(Checksum::Unverified, Checksum::Sha256);
    Ok(match &options.image {
        Some(url) if url.contains("://") => Some(ImageSource::url(url, checksum)?),
        Some(path) => Some(ImageSource::file(PathBuf::from(path), checksum)),
        None => None,
    })
}

fn seed(options: &KvmHostOptions) -> Result<Option<CloudInit>, SpecError> {
    let Some(key) = &options.authorize else { return Ok(None) };
    let ops = CloudUser::new("ops").key(key).sudo();
    CloudInit::builder().pool(NAME).hostname(options.name.as_str()).user(ops).build().map(Some)
}

fn kernel(options: &KvmHostOptions) -> Option<KernelBoot> {
    let (initrd, cmdline) = (options.initrd.clone(), options.cmdline.clone());
    options.kernel.clone().map(|kernel| KernelBoot { kernel, initrd, cmdline })
}

fn disk_name(options: &KvmHostOptions) -> String {
    format!("{}.qcow2", options.name)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: KvmHostOptions,
    }

    fn parsed(arguments: &[&str]) -> Result<KvmHostOptions, clap::Error> {
        let line = ["kvm-host"].iter().chain(arguments);
        Line::try_parse_from(line).map(|line| line.options)
    }

    #[test]
    fn the_defaults_are_those_of_the_readme() {
        let options = parsed(&[]).unwrap();
        let machine = machine(&options).unwrap();
        assert_eq!((machine.vcpus, machine.memory.to_string().as_str()), (1, "512 MiB"));
        assert_eq!(
            network(&options).unwrap().dhcp[0].to_string(),
            "192.168.150.100-192.168.150.200"
        );
        assert_eq!(disk(&options).unwrap().capacity.unwrap().to_string(), "4 GiB");
    }

    #[test]
    fn a_bad_address_is_pointed_at() {
        let error = parsed(&["--address", "root@h1:0"]).unwrap_err().to_string();
        assert!(error.contains("root@h1:0\n        ^ the port must lie"), "{error}");
    }

    #[test]
    fn an_image_fills_the_disk_and_a_key_gets_a_seed() {
        let digest = "00".repeat(32);
        let arguments =
            ["--image", "d.qcow2", "--image-sha256", &digest, "--authorize", "ssh-ed25519 AAAA o"];
        let options = parsed(&arguments).unwrap();
        assert!(disk(&options).unwrap().source.is_some());
        assert_eq!(machine(&options).unwrap().cloud_init.as_ref().unwrap().users[0].name, "ops");
    }
}
