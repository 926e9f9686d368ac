//! How one host differs from the others, before it boots.

use std::fs::{self, Permissions};
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::machine_image::PACKAGE_PROXY;
use super::tree::{CAREFUL, DEPLOY, PLAIN};

/// What a host is to be like: an ordinary Debian, unless something is asked for.
#[derive(Clone, Debug, Default)]
pub struct HostSetup {
    sshd: Vec<String>,
    without_sftp: bool,
    banner: Option<String>,
    locale: Option<String>,
    files: Vec<(PathBuf, Vec<u8>, u32)>,
}

impl HostSetup {
    /// An ordinary Debian.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line to sshd's configuration: `MaxSessions 1`, `DisableForwarding yes`.
    #[must_use]
    pub fn sshd(mut self, line: impl Into<String>) -> Self {
        self.sshd.push(line.into());
        self
    }

    /// Takes the SFTP subsystem away.
    #[must_use]
    pub fn without_sftp(mut self) -> Self {
        self.without_sftp = true;
        self
    }

    /// Has root's login shell print `text` on both outputs before it does anything.
    #[must_use]
    pub fn shell_banner(mut self, text: impl Into<String>) -> Self {
        self.banner = Some(text.into());
        self
    }

    /// Has the host speak `locale`: `de_DE.UTF-8` is there.
    #[must_use]
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// Adds a file before the host boots; folders above it are made.
    #[must_use]
    pub fn file(
        mut self,
        path: impl Into<PathBuf>,
        content: impl Into<Vec<u8>>,
        mode: u32,
    ) -> Self {
        self.files.push((path.into(), content.into(), mode));
        self
    }
}

/// What every host needs to be one of a network.
#[derive(Debug)]
pub(super) struct Identity<'a> {
    pub(super) name: &'a str,
    pub(super) machine_id: String,
    pub(super) address: Ipv4Addr,
    pub(super) gateway: Ipv4Addr,
    pub(super) package_proxy: String,
    /// The public key that may log in as anybody.
    pub(super) login: String,
}

/// Writes what makes one host out of the tree into `upper`, the folder laid over it.
pub(super) fn write(
    setup: &HostSetup,
    identity: &Identity<'_>,
    tree: &Path,
    upper: &Path,
) -> Result<()> {
    let host = Upper { tree, upper };
    host.write_identity(identity)?;
    host.write_keys(&identity.login)?;
    host.write_sshd(setup)?;
    if let Some(banner) = &setup.banner {
        host.write_banner(banner)?;
    }
    if let Some(locale) = &setup.locale {
        let line = format!("LANG={locale}\nLC_ALL={locale}\n");
        host.write("etc/default/locale", &line, 0o644)?;
        host.write("etc/environment", &line, 0o644)?;
        host.write("etc/locale.conf", &line, 0o644)?;
    }
    for (path, content, mode) in &setup.files {
        host.write(path.strip_prefix("/").unwrap_or(path), content, *mode)?;
    }
    Ok(())
}

/// Writes what makes a virtual machine out of a copy of the tree at `root`.
pub(super) fn write_virtual(root: &Path, login: &str) -> Result<()> {
    let host = Upper { tree: root, upper: root };
    host.write("etc/fstab", "/dev/vda / ext4 defaults 0 1\n", 0o644)?;
    host.write("etc/hostname", "machine\n", 0o644)?;
    host.write("etc/hosts", "127.0.0.1 localhost machine\n", 0o644)?;
    host.write("etc/machine-id", "6b1ad2fbd0b94d58a9d41c0b5d1f7c2e\n", 0o444)?;
    host.write_network("en* eth*", "10.0.2.15", "10.0.2.2")?;
    host.write_package_proxy(&format!("http://{PACKAGE_PROXY}"))?;
    host.write_keys(login)
}

struct Upper<'a> {
    tree: &'a Path,
    upper: &'a Path,
}

impl Upper<'_> {
    fn write_identity(&self, identity: &Identity<'_>) -> Result<()> {
        let Identity { name, machine_id, address, gateway, package_proxy, .. } = identity;
        self.write("etc/hostname", format!("{name}\n"), 0o644)?;
        self.write("etc/machine-id", format!("{machine_id}\n"), 0o444)?;
        self.write("etc/hosts", format!("127.0.0.1 localhost\n{address} {name}\n"), 0o644)?;
        self.write_network("host0", &address.to_string(), &gateway.to_string())?;
        self.write_package_proxy(package_proxy)?;
        // Whatever ends a container, the kernel that keeps its disk lives on: dpkg waits for nothing.
        // It is apt that says so: whoever opens a folder which overlayfs has merged writes its inode,
        // so a file in dpkg's own folder made every look of dpkg's show in the footprint.
        let unsafe_io = "DPkg::Options { \"--force-unsafe-io\"; };\n";
        self.write("etc/apt/apt.conf.d/01harmony-e2e", unsafe_io, 0o644)?;
        // The control groups of a container cannot be written, so libvirt must not try.
        self.write("etc/libvirt/qemu.conf", "cgroup_controllers = []\n", 0o600)
    }

    fn write_network(&self, card: &str, address: &str, gateway: &str) -> Result<()> {
        let text =
            format!("[Match]\nName={card}\n[Network]\nAddress={address}/24\nGateway={gateway}\n");
        self.write("etc/systemd/network/10-harmony-e2e.network", text, 0o644)
    }

    fn write_package_proxy(&self, url: &str) -> Result<()> {
        let text = format!("Acquire::http::Proxy \"{url}\";\nAcquire::Languages \"none\";\n");
        self.write("etc/apt/apt.conf.d/00harmony-e2e", text, 0o644)
    }

    /// The login key opens every account.
    fn write_keys(&self, login: &str) -> Result<()> {
        for (home, user) in [
            ("root".to_owned(), "root"),
            (format!("home/{DEPLOY}"), DEPLOY),
            (format!("home/{CAREFUL}"), CAREFUL),
            (format!("home/{PLAIN}"), PLAIN),
        ] {
            self.write(format!("{home}/.ssh/authorized_keys"), format!("{login}\n"), 0o600)?;
            let owner = self.owner_of(user)?;
            for path in
                [home.clone(), format!("{home}/.ssh"), format!("{home}/.ssh/authorized_keys")]
            {
                chown(self.upper.join(&path), Some(owner), Some(owner))?;
            }
            fs::set_permissions(
                self.upper.join(format!("{home}/.ssh")),
                Permissions::from_mode(0o700),
            )?;
        }
        Ok(())
    }

    fn owner_of(&self, user: &str) -> Result<u32> {
        let accounts = fs::read_to_string(self.tree.join("etc/passwd"))?;
        let line = accounts.lines().find(|line| line.split(':').next() == Some(user));
        let id = line.and_then(|line| line.split(':').nth(2)?.parse().ok());
        id.with_context(|| format!("the tree has no user {user}"))
    }

    fn write_sshd(&self, setup: &HostSetup) -> Result<()> {
        let mut lines = setup.sshd.join("\n");
        lines.push('\n');
        self.write("etc/ssh/sshd_config.d/harmony-e2e.conf", lines, 0o644)?;
        if setup.without_sftp {
            let whole = fs::read_to_string(self.tree.join("etc/ssh/sshd_config"))?;
            let kept = whole.lines().filter(|line| !line.starts_with("Subsystem"));
            self.write("etc/ssh/sshd_config", kept.collect::<Vec<_>>().join("\n") + "\n", 0o644)?;
        }
        Ok(())
    }

    fn write_banner(&self, banner: &str) -> Result<()> {
        self.write("etc/harmony-banner", banner, 0o644)?;
        let shell = "#!/bin/sh\ncat /etc/harmony-banner\ncat /etc/harmony-banner >&2\nexec /bin/bash \"$@\"\n";
        self.write("usr/local/bin/chatty", shell, 0o755)?;
        let accounts = fs::read_to_string(self.tree.join("etc/passwd"))?;
        let chatty = accounts.replace("/root:/bin/bash", "/root:/usr/local/bin/chatty");
        self.write("etc/passwd", chatty, 0o644)
    }

    fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>, mode: u32) -> Result<()> {
        let target = self.upper.join(path.as_ref());
        self.make_folders(path.as_ref())?;
        // What the tree has as a link is to become a file of the host's own.
        if target.is_symlink() {
            fs::remove_file(&target)?;
        }
        fs::write(&target, content).with_context(|| format!("writing {}", target.display()))?;
        Ok(fs::set_permissions(target, Permissions::from_mode(mode))?)
    }

    /// Makes the folders above `path`, each with the mode it has in the tree: an overlay shows the
    /// upper one's.
    fn make_folders(&self, path: &Path) -> Result<()> {
        let above: Vec<&Path> = path.ancestors().skip(1).collect();
        for folder in above.into_iter().rev() {
            let target = self.upper.join(folder);
            if target.is_dir() {
                continue;
            }
            fs::create_dir(&target).with_context(|| format!("making {}", target.display()))?;
            if let Ok(below) = fs::metadata(self.tree.join(folder)) {
                fs::set_permissions(&target, below.permissions())?;
            }
        }
        Ok(())
    }
}
