//! A TFTP root that boots the tiny guest over the network.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::tiny::TinyGuest;
use crate::Scratch;

/// The iPXE script a DHCP server names as its boot file.
const SCRIPT_NAME: &str = "boot.ipxe";

/// A folder for a network's `<tftp root>`: an iPXE script, the kernel and the initramfs.
#[derive(Debug)]
pub struct TftpRoot {
    folder: Scratch,
}

impl TftpRoot {
    /// Makes the folder with `guest` in it.
    ///
    /// # Errors
    /// When the files cannot be copied.
    pub fn booting(guest: &TinyGuest) -> Result<Self> {
        let folder = Scratch::new()?;
        fs::copy(guest.vmlinuz(), folder.join("vmlinuz"))?;
        fs::copy(guest.initrd(), folder.join("initrd.gz"))?;
        let script = format!(
            "#!ipxe\nkernel vmlinuz {} initrd=initrd.gz\ninitrd initrd.gz\nboot\n",
            guest.cmdline()
        );
        fs::write(folder.join(SCRIPT_NAME), script)?;
        Ok(Self { folder })
    }

    /// The folder to serve.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The name of the boot file, for `<bootp file>`.
    pub fn boot_file(&self) -> &'static str {
        SCRIPT_NAME
    }
}
