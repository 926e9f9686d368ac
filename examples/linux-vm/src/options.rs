use std::path::PathBuf;

use clap::Args;
use harmony_capabilities::virtualization::{
    Acceleration, Checksum, ImageSource, SpecError, VolumeRef,
};
use harmony_types::{ByteSize, HostPath, IpNet, ObjectName, Sha256Digest};

/// How large the machine is, what it is installed from, and where it runs.
#[derive(Clone, Debug, Args)]
pub struct LinuxVm {
    /// The machine's name.
    #[arg(long, default_value = "web", value_name = "NAME")]
    pub name: ObjectName,
    /// How many processors it sees.
    #[arg(long, default_value_t = 2, value_name = "COUNT")]
    pub vcpus: u32,
    /// How much memory it sees.
    #[arg(long, default_value = "4GiB", value_name = "SIZE")]
    pub memory: ByteSize,
    /// How large its disk is.
    #[arg(long, default_value = "20GiB", value_name = "SIZE")]
    pub disk: ByteSize,
    /// The installer's ISO image, a file or an http(s) URL; without one the drive is empty.
    #[arg(long, value_name = "PATH|URL", requires = "checked")]
    pub iso: Option<String>,
    /// The SHA-256 checksum of the ISO image.
    #[arg(long, value_name = "HEX", group = "checked")]
    pub iso_sha256: Option<Sha256Digest>,
    /// Take the ISO image as it comes.
    #[arg(long, group = "checked")]
    pub iso_unverified: bool,
    /// A volume that holds the installer already, instead of an image.
    #[arg(long, value_name = "POOL/VOLUME", conflicts_with = "iso")]
    pub iso_volume: Option<VolumeRef>,
    /// A kernel of the host that is started directly, instead of booting from a device.
    #[arg(long, value_name = "PATH")]
    pub kernel: Option<HostPath>,
    /// The kernel's initial file system.
    #[arg(long, value_name = "PATH", requires = "kernel")]
    pub initrd: Option<HostPath>,
    /// The kernel's command line.
    #[arg(long, default_value = "", value_name = "TEXT", requires = "kernel")]
    pub cmdline: String,
    /// The file of the host that the serial line is written to.
    #[arg(long, value_name = "PATH")]
    pub serial_log: Option<HostPath>,
    /// The isolated network's name.
    #[arg(long, default_value = "linux-vm", value_name = "NAME")]
    pub network: ObjectName,
    /// The isolated network's subnet.
    #[arg(long, default_value = "192.168.101.0/24", value_name = "ADDRESS/BITS")]
    pub subnet: IpNet,
    /// The name of the pool for the disk and the installer.
    #[arg(long, default_value = "linux-vm", value_name = "NAME")]
    pub pool: ObjectName,
    /// The hypervisor.
    #[arg(long, env = "HARMONY_KVM_URI", default_value = "qemu:///system", value_name = "URI")]
    pub uri: String,
    /// The folder of the host for disks and images.
    #[arg(
        long,
        env = "HARMONY_KVM_IMAGE_DIR",
        default_value = "/var/lib/libvirt/images/linux-vm",
        value_name = "PATH"
    )]
    pub image_dir: HostPath,
    /// How guest code runs: auto probes whether KVM works here.
    #[arg(long, default_value = "auto", value_name = "auto|kvm|tcg", value_parser = acceleration)]
    pub acceleration: Acceleration,
}

/// What is in the cdrom drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installer {
    /// An image, which is put into the pool first.
    Image(ImageSource),
    /// Nothing.
    Nothing,
    /// A volume that is there already.
    Volume(VolumeRef),
}

impl LinuxVm {
    /// Returns what is in the cdrom drive.
    ///
    /// # Errors
    /// When the image's address cannot be read.
    pub fn installer(&self) -> Result<Installer, SpecError> {
        let checksum = self.iso_sha256.map_or(Checksum::Unverified, Checksum::Sha256);
        Ok(match (&self.iso_volume, &self.iso) {
            (Some(volume), _) => Installer::Volume(volume.clone()),
            (None, Some(url)) if url.contains("://") => {
                Installer::Image(ImageSource::url(url, checksum)?)
            }
            (None, Some(path)) => {
                Installer::Image(ImageSource::file(PathBuf::from(path), checksum))
            }
            (None, None) => Installer::Nothing,
        })
    }
}

pub(crate) fn acceleration(text: &str) -> Result<Acceleration, String> {
    match text {
        "auto" => Ok(Acceleration::Auto),
        "kvm" => Ok(Acceleration::Kvm),
        "tcg" => Ok(Acceleration::Tcg),
        _ => Err("say auto, kvm or tcg".to_owned()),
    }
}
