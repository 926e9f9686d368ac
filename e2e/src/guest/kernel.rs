//! Debian's kernels, unpacked from their packages and not installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{Cache, run};

/// Drivers, most of them by size, for hardware that no virtual machine has.
const ABSENT_HARDWARE: [&str; 8] = [
    "drivers/gpu",
    "drivers/infiniband",
    "drivers/media",
    "drivers/net/ethernet",
    "drivers/net/wireless",
    "drivers/staging",
    "drivers/usb",
    "sound",
];

/// Which drivers a kernel comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Those of clouds, which boots soonest. It has no AHCI: a cdrom on SATA does not exist for it.
    Cloud,
    /// Those of every machine.
    Generic,
}

impl Flavour {
    /// Packages that depend on the newest kernel of this flavour: Debian's, then Ubuntu's.
    const fn meta_packages(self) -> [&'static str; 2] {
        match self {
            Self::Cloud => ["linux-image-cloud-amd64", "linux-image-virtual"],
            Self::Generic => ["linux-image-amd64", "linux-image-generic"],
        }
    }
}

/// A Linux kernel and its modules.
#[derive(Clone, Debug)]
pub struct GuestKernel {
    /// The version, as `uname -r` prints it in the guest.
    pub version: String,
    /// The compressed kernel, for a direct kernel boot or for PXE.
    pub vmlinuz: PathBuf,
    /// The folder with the modules of this version, `lib/modules/<version>`.
    pub modules: PathBuf,
}

impl GuestKernel {
    /// The newest kernel the package sources offer, from the cache when it is there.
    ///
    /// # Errors
    /// When the package sources offer none, or it cannot be downloaded or unpacked.
    pub fn newest(cache: &Cache, flavour: Flavour) -> Result<Self> {
        let package = newest_package(flavour)?;
        let folder = cache.entry(&package, |at| unpack(&package, at))?;
        let version = package.trim_start_matches("linux-image-").to_owned();
        Ok(Self {
            vmlinuz: folder.join("vmlinuz"),
            modules: folder.join("lib/modules").join(&version),
            version,
        })
    }

    /// Installs the modules that a virtual machine may need into the system at `root`.
    pub(crate) fn install_modules(&self, root: &Path) -> Result<()> {
        let modules = self.modules.to_string_lossy();
        let target = root.to_string_lossy();
        fs::create_dir_all(root.join("lib/modules"))?;
        run(root, "cp", &["-a", &modules, &format!("{target}/lib/modules/")])?;
        let copied = root.join("lib/modules").join(&self.version).join("kernel");
        let unused = ABSENT_HARDWARE.map(|name| copied.join(name));
        for folder in unused.iter().filter(|at| at.exists()) {
            fs::remove_dir_all(folder)?;
        }
        run(root, "chroot", &[&target, "depmod", &self.version]).map(drop)
    }

    /// The path of the module `name`, or nothing when it is built into the kernel.
    pub(super) fn module(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}.ko");
        find(&self.modules, |found| found == file)
    }
}

fn newest_package(flavour: Flavour) -> Result<String> {
    for meta in flavour.meta_packages() {
        let Ok(depends) = run(Path::new("/"), "apt-cache", &["depends", "--important", meta])
        else {
            continue;
        };
        let found = depends.lines().find_map(|line| line.trim().strip_prefix("Depends: "));
        if let Some(package) = found.filter(|package| package.starts_with("linux-image-")) {
            return Ok(package.to_owned());
        }
    }
    bail!("no package source offers {}: run `apt-get update`", flavour.meta_packages().join(" or "))
}

fn unpack(package: &str, at: &Path) -> Result<()> {
    run(at, "apt-get", &["download", "-qq", "-o", "APT::Sandbox::User=root", package])?;
    let archive = find(at, |name| name.starts_with("linux-image-"))
        .context("apt-get downloaded no package")?;
    run(at, "dpkg", &["-x", &archive.to_string_lossy(), "."])?;
    fs::remove_file(archive)?;
    let kernel = find(&at.join("boot"), |name| name.starts_with("vmlinuz-"))
        .context("the package holds no kernel")?;
    fs::rename(kernel, at.join("vmlinuz"))?;
    if at.join("usr/lib/modules").is_dir() {
        fs::rename(at.join("usr/lib"), at.join("lib"))?;
    }
    Ok(())
}

/// A file below `folder` whose name is `wanted`.
fn find(folder: &Path, wanted: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else if wanted(&entry.file_name().to_string_lossy()) {
                return Some(entry.path());
            }
        }
    }
    None
}
