//! The Debian that every test host begins as.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{Cache, run};

/// Raised when what is in the tree changes, so that a cached one is not taken for it.
const VERSION: u32 = 1;
const SUITE: &str = "bookworm";

/// A user who becomes root by sudo without a password.
pub const DEPLOY: &str = "deploy";
/// A user who becomes root by sudo with the password [`PASSWORD`].
pub const CAREFUL: &str = "careful";
/// A user who does not become root.
pub const PLAIN: &str = "plain";
/// The password of every user but root, who has none.
pub const PASSWORD: &str = "correct horse battery staple";

/// What the tree holds beyond the essential packages. (The last two are dependencies of sshd that a
/// virtual machine of the same tree needs, and a container does not.)
const PACKAGES: [&str; 12] = [
    "ca-certificates",
    "dbus",
    "e2fsprogs",
    "iproute2",
    "locales",
    "openssh-server",
    "procps",
    "sudo",
    "systemd",
    "systemd-sysv",
    "kmod",
    "udev",
];

/// A locale that is not English, for hosts that want one.
const LOCALE: &str = "de_DE.UTF-8 UTF-8\n";

/// The tree, from the cache when it is there; making it takes about two minutes.
///
/// Its package lists grow old there, as those of any host do that was installed a while ago.
pub(super) fn cached(cache: &Cache) -> Result<PathBuf> {
    Ok(cache.entry(&format!("hosts-{SUITE}-{VERSION}"), build)?.join("tree"))
}

fn build(at: &Path) -> Result<()> {
    let root = at.join("tree");
    let target = root.to_str().context("the cache's path is not UTF-8")?;
    let include = format!("--include={}", PACKAGES.join(","));
    run(at, "debootstrap", &["--variant=minbase", &include, SUITE, target])?;
    add_users(&root)?;
    without_identity(&root)?;
    fs::write(root.join("etc/locale.gen"), LOCALE)?;
    chroot(&root, &["locale-gen"])?;
    chroot(&root, &["apt-get", "clean"])?;
    let enabled = root.join("etc/systemd/system/multi-user.target.wants/systemd-networkd.service");
    symlink("/lib/systemd/system/systemd-networkd.service", enabled)?;
    // A host takes seconds longer to boot, or to be logged in to, with these.
    for unit in
        ["systemd-networkd-wait-online.service", "apt-daily.timer", "apt-daily-upgrade.timer"]
    {
        symlink("/dev/null", root.join("etc/systemd/system").join(unit))?;
    }
    Ok(fs::set_permissions(&root, Permissions::from_mode(0o755))?)
}

fn add_users(root: &Path) -> Result<()> {
    for user in [DEPLOY, CAREFUL, PLAIN] {
        chroot(root, &["useradd", "--create-home", "--shell", "/bin/bash", user])?;
        let set = format!("printf '%s' '{user}:{PASSWORD}' | chpasswd");
        chroot(root, &["sh", "-ec", &set])?;
    }
    let rules = format!("{DEPLOY} ALL=(ALL) NOPASSWD: ALL\n{CAREFUL} ALL=(ALL) ALL\n");
    let path = root.join("etc/sudoers.d/harmony-e2e");
    fs::write(&path, rules)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o440))?)
}

/// Every host gets names and keys of its own.
fn without_identity(root: &Path) -> Result<()> {
    fs::write(root.join("etc/machine-id"), "")?;
    for entry in fs::read_dir(root.join("etc/ssh"))? {
        let path = entry?.path();
        if path.to_string_lossy().contains("/ssh_host_") {
            fs::remove_file(path)?;
        }
    }
    match fs::remove_file(root.join("var/lib/dbus/machine-id")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn chroot(root: &Path, command: &[&str]) -> Result<()> {
    let target = root.to_str().context("the cache's path is not UTF-8")?;
    run(root, "chroot", &[&[target], command].concat()).map(drop)
}
