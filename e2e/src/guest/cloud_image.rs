//! A whole Debian on a disk, as a cloud would hand it out.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::initramfs;
use super::kernel::{Flavour, GuestKernel};
use crate::{Cache, run};

/// Raised when what is in the image changes, so that a cached one is not taken for it.
const VERSION: u32 = 2;
const SUITE: &str = "bookworm";

/// What the image holds beyond the essential packages. (`python3-cffi-backend` is a dependency that
/// debootstrap cannot find by itself.)
const PACKAGES: [&str; 12] = [
    "cloud-init",
    "dbus",
    "e2fsprogs",
    "iproute2",
    "kmod",
    "openssh-server",
    "python3-cffi-backend",
    "qemu-guest-agent",
    "sudo",
    "systemd",
    "systemd-sysv",
    "udev",
];

/// Debian with systemd, cloud-init (NoCloud), sshd and the QEMU guest agent.
///
/// The disk is qcow2 of 2 GiB with a file system and no partition table; it boots by a direct
/// kernel boot with [`vmlinuz`](Self::vmlinuz) and [`initrd`](Self::initrd), and grows its file
/// system to the disk it finds itself on. It wants 512 MiB of memory.
#[derive(Clone, Debug)]
pub struct CloudImage {
    disk: PathBuf,
    kernel: GuestKernel,
    initrd: PathBuf,
}

impl CloudImage {
    /// The image, from the cache when it is there; making it takes about two minutes.
    ///
    /// # Errors
    /// When Debian's packages cannot be had, or no disk image can be made of them.
    pub fn cached(cache: &Cache) -> Result<Self> {
        let kernel = GuestKernel::newest(cache, Flavour::Generic)?;
        let initrd = initramfs::cached(cache, &kernel)?;
        let key = format!("debian-{SUITE}-{VERSION}-{}", kernel.version);
        let folder = cache.entry(&key, |at| build(&kernel, at))?;
        Ok(Self { disk: folder.join("disk.qcow2"), kernel, initrd })
    }

    /// The disk, never to be written: use it as a source or as a backing image.
    pub fn disk(&self) -> &Path {
        &self.disk
    }

    /// The compressed kernel.
    pub fn vmlinuz(&self) -> &Path {
        &self.kernel.vmlinuz
    }

    /// The compressed initramfs.
    pub fn initrd(&self) -> &Path {
        &self.initrd
    }

    /// The kernel arguments it wants: the serial console, and the first virtio disk as its root.
    ///
    /// An emulated timer on a busy machine is late, and a kernel that tests it gives up.
    pub fn cmdline(&self) -> &'static str {
        "console=ttyS0 root=/dev/vda no_timer_check"
    }
}

fn build(kernel: &GuestKernel, at: &Path) -> Result<()> {
    let tree = tempfile::tempdir_in(at)?;
    let root = tree.path();
    let include = format!("--include={}", PACKAGES.join(","));
    let target = root.to_string_lossy();
    run(at, "debootstrap", &["--variant=minbase", &include, SUITE, &target])?;
    configure(root)?;
    kernel.install_modules(root)?;
    let raw = at.join("disk.raw");
    File::create(&raw)?.set_len(2 << 30)?;
    run(at, "mke2fs", &["-q", "-t", "ext4", "-d", &target, "disk.raw"])?;
    run(at, "qemu-img", &["convert", "-f", "raw", "-O", "qcow2", "disk.raw", "disk.qcow2"])?;
    Ok(fs::remove_file(raw)?)
}

fn configure(root: &Path) -> Result<()> {
    fs::write(root.join("etc/fstab"), "/dev/vda / ext4 defaults 0 1\n")?;
    // Every copy is to get an identity, and with it a DHCP client id, of its own.
    fs::write(root.join("etc/machine-id"), "")?;
    fs::remove_file(root.join("var/lib/dbus/machine-id"))?;
    fs::write(root.join("etc/hostname"), "unnamed\n")?;
    fs::write(
        root.join("etc/cloud/cloud.cfg.d/90_harmony.cfg"),
        "datasource_list: [NoCloud, None]\napt_preserve_sources_list: true\n",
    )?;
    fs::remove_dir_all(root.join("var/cache/apt"))?;
    fs::remove_dir_all(root.join("var/lib/apt/lists"))?;
    let enabled = "etc/systemd/system/multi-user.target.wants/systemd-networkd.service";
    Ok(symlink("/lib/systemd/system/systemd-networkd.service", root.join(enabled))?)
}
