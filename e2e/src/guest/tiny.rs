//! A Linux guest that boots to a line on its serial console in seconds.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::initramfs;
use super::kernel::{Flavour, GuestKernel};
use crate::Cache;

/// Begins the line the guest prints once its user space runs:
/// `kernel=6.1.0 cpus=1 memory=94796KiB firmware=bios`.
pub const READY_LINE: &str = "harmony-guest ready";
/// Begins the line the guest prints for every lease: `card=eth0 mac=52:… ip=192.… hostname=web`.
pub const LEASE_LINE: &str = "harmony-guest lease";
/// The line the guest prints when it was asked to power off.
pub const POWEROFF_LINE: &str = "harmony-guest poweroff";

/// A kernel and an initramfs for a direct kernel boot.
///
/// The guest takes a lease by DHCP on every virtio network card, prints [`READY_LINE`] and
/// [`LEASE_LINE`] on `ttyS0`, answers HTTP on port 80 with its host name, and powers off when its
/// ACPI button is pressed. It needs 96 MiB.
#[derive(Clone, Debug)]
pub struct TinyGuest {
    kernel: GuestKernel,
    initrd: PathBuf,
}

impl TinyGuest {
    /// The guest, from the cache when it is there.
    ///
    /// # Errors
    /// When the kernel cannot be had, or busybox or cpio is not installed.
    pub fn cached(cache: &Cache) -> Result<Self> {
        let kernel = GuestKernel::newest(cache, Flavour::Cloud)?;
        let initrd = initramfs::cached(cache, &kernel)?;
        Ok(Self { kernel, initrd })
    }

    /// The kernel's version, as the guest prints it after [`READY_LINE`].
    pub fn kernel_version(&self) -> &str {
        &self.kernel.version
    }

    /// The compressed kernel.
    pub fn vmlinuz(&self) -> &Path {
        &self.kernel.vmlinuz
    }

    /// The compressed initramfs.
    pub fn initrd(&self) -> &Path {
        &self.initrd
    }

    /// The kernel arguments it wants: the serial console, and to reboot never.
    ///
    /// An emulated timer on a busy machine is late, and a kernel that tests it gives up.
    pub fn cmdline(&self) -> &'static str {
        "console=ttyS0 quiet panic=-1 no_timer_check"
    }
}
