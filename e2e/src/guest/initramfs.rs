//! The user space of the tiny guest: busybox, a few modules and three scripts.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::kernel::GuestKernel;
use crate::{Cache, run};

/// Modules the guest needs, each after those it depends on; what is built in is passed over.
const MODULES: [&str; 18] = [
    "virtio_ring",
    "virtio",
    "virtio_pci_legacy_dev",
    "virtio_pci_modern_dev",
    "virtio_pci",
    "failover",
    "net_failover",
    "virtio_net",
    "virtio_blk",
    "evdev",
    "button",
    "virtio_rng",
    "crc16",
    "crc32c_generic",
    "libcrc32c",
    "mbcache",
    "jbd2",
    "ext4",
];

const APPLETS: [&str; 22] = [
    "acpid",
    "cat",
    "dmesg",
    "echo",
    "hostname",
    "httpd",
    "insmod",
    "ip",
    "ls",
    "mkdir",
    "mount",
    "nproc",
    "poweroff",
    "sed",
    "sh",
    "sleep",
    "switch_root",
    "sync",
    "udhcpc",
    "umount",
    "uname",
    "wget",
];

/// Raised when the scripts or the module list change, so that a cached one is not taken for it.
const VERSION: u32 = 4;

/// The initramfs for `kernel`, from the cache when it is there.
pub(crate) fn cached(cache: &Cache, kernel: &GuestKernel) -> Result<PathBuf> {
    let key = format!("tiny-{VERSION}-{}", kernel.version);
    Ok(cache.entry(&key, |at| pack(kernel, at))?.join("initrd.gz"))
}

/// Packs the initramfs for `kernel` as `initrd.gz` in `folder`.
fn pack(kernel: &GuestKernel, folder: &Path) -> Result<()> {
    let tree = tempfile::tempdir_in(folder)?;
    let root = tree.path();
    for name in
        ["bin", "dev", "proc", "sys", "root", "etc/acpi/PWRF", "modules", "www", "tmp", "var/run"]
    {
        fs::create_dir_all(root.join(name))?;
    }
    fs::copy("/bin/busybox", root.join("bin/busybox"))
        .context("copying busybox: `cargo xtask test` installs busybox-static")?;
    for applet in APPLETS {
        symlink("busybox", root.join("bin").join(applet))?;
    }
    script(root, "init", include_str!("init.sh"))?;
    script(root, "lease.sh", include_str!("lease.sh"))?;
    script(root, "etc/acpi/PWRF/00000080", include_str!("poweroff.sh"))?;
    fs::write(root.join("www/index.html"), "harmony-tiny\n")?;
    copy_modules(kernel, root)?;
    let archive = folder.join("initrd.gz");
    let pack = format!("find . | cpio --quiet -o -H newc -R 0:0 | gzip -n > {}", archive.display());
    run(root, "sh", &["-ec", &pack])?;
    Ok(())
}

fn copy_modules(kernel: &GuestKernel, root: &Path) -> Result<()> {
    let mut order = String::new();
    for name in MODULES {
        if let Some(module) = kernel.module(name) {
            fs::copy(module, root.join("modules").join(format!("{name}.ko")))?;
            order.push_str(name);
            order.push('\n');
        }
    }
    Ok(fs::write(root.join("modules/order"), order)?)
}

fn script(root: &Path, path: &str, text: &str) -> Result<()> {
    fs::write(root.join(path), text)?;
    Ok(fs::set_permissions(root.join(path), Permissions::from_mode(0o755))?)
}
