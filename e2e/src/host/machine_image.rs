//! The tree of the test hosts, on the disk of a virtual machine.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::keys::KeyPair;
use super::{setup, tree};
use crate::guest::{Flavour, GuestKernel, initramfs};
use crate::{Cache, run};

/// Raised when what is in the image changes, so that a cached one is not taken for it.
const VERSION: u32 = 1;

/// Where the machine's apt finds the harness, on QEMU's own network.
pub(super) const PACKAGE_PROXY: &str = "10.0.2.100:3142";

/// A disk and how to boot it, and the keys it was made with.
#[derive(Debug)]
pub(super) struct MachineImage {
    pub(super) disk: PathBuf,
    pub(super) vmlinuz: PathBuf,
    pub(super) initrd: PathBuf,
    pub(super) host_key: KeyPair,
    pub(super) login: KeyPair,
}

impl MachineImage {
    /// The image, from the cache when it is there.
    pub(super) fn cached(cache: &Cache) -> Result<Self> {
        let kernel = GuestKernel::newest(cache, Flavour::Generic)?;
        let initrd = initramfs::cached(cache, &kernel)?;
        let tree = tree::cached(cache)?;
        let tree_key = tree.parent().and_then(Path::file_name).context("the tree has no key")?;
        let key = format!("machine-{VERSION}-{}-{}", tree_key.display(), kernel.version);
        let folder = cache.entry(&key, |at| build(&tree, &kernel, at))?;
        Ok(Self {
            disk: folder.join("disk.qcow2"),
            vmlinuz: kernel.vmlinuz,
            initrd,
            host_key: KeyPair::at(folder.join("host_key")),
            login: KeyPair::at(folder.join("login")),
        })
    }
}

fn build(tree: &Path, kernel: &GuestKernel, at: &Path) -> Result<()> {
    let scratch = tempfile::tempdir_in(at)?;
    let root = scratch.path().join("root");
    let target = root.to_str().context("the cache's path is not UTF-8")?;
    run(at, "cp", &["-a", "--reflink=auto", &tree.to_string_lossy(), target])?;
    let login = KeyPair::generate(at.join("login"), "")?;
    let host_key = KeyPair::generate(at.join("host_key"), "")?;
    setup::write_virtual(&root, &login.public()?)?;
    for (file, mode) in [("host_key", 0o600), ("host_key.pub", 0o644)] {
        let name = file.replace("host_key", "ssh_host_ed25519_key");
        let copied = root.join("etc/ssh").join(name);
        fs::copy(host_key.private().with_file_name(file), &copied)?;
        fs::set_permissions(copied, Permissions::from_mode(mode))?;
    }
    kernel.install_modules(&root)?;
    File::create(at.join("disk.raw"))?.set_len(3 << 30)?;
    run(at, "mke2fs", &["-q", "-t", "ext4", "-d", target, "disk.raw"])?;
    run(at, "qemu-img", &["convert", "-f", "raw", "-O", "qcow2", "disk.raw", "disk.qcow2"])?;
    Ok(fs::remove_file(at.join("disk.raw"))?)
}
