//! The machine's own libvirtd.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::virsh;
use crate::{run, wait};

/// The libvirtd behind `qemu:///system`.
///
/// It is started when it does not run, and left running: tests of other processes use it too.
#[derive(Clone, Debug)]
pub struct LibvirtDaemon {
    started: bool,
}

impl LibvirtDaemon {
    /// The daemon, started first when it does not answer.
    ///
    /// # Errors
    /// When it is not installed, or does not answer within half a minute.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<LibvirtDaemon> = OnceLock::new();
        if let Some(daemon) = SHARED.get() {
            return Ok(daemon);
        }
        let started = start_when_silent()?;
        Ok(SHARED.get_or_init(|| Self { started }))
    }

    /// Whether this process started it.
    pub fn was_started_here(&self) -> bool {
        self.started
    }

    /// The URI that reaches it.
    pub fn uri(&self) -> &'static str {
        "qemu:///system"
    }

    /// Runs `virsh` against it.
    ///
    /// # Errors
    /// When virsh fails, with what it said.
    pub fn virsh(&self, args: &[&str]) -> Result<String> {
        virsh(self.uri(), args)
    }
}

fn start_when_silent() -> Result<bool> {
    let lock = File::create(std::env::temp_dir().join("harmony-e2e-libvirtd.lock"))?;
    lock.lock()?;
    if answers() {
        return Ok(false);
    }
    give_kvm_its_owner()?;
    for daemon in ["virtlogd", "libvirtd"] {
        if !runs(daemon) {
            run(Path::new("/"), daemon, &["-d"]).with_context(|| format!("starting {daemon}"))?;
        }
    }
    wait::until("libvirtd answers", Duration::from_secs(30), || {
        virsh("qemu:///system", &["version"])
    })?;
    Ok(true)
}

fn answers() -> bool {
    Path::new("/run/libvirt/libvirt-sock").exists() && virsh("qemu:///system", &["uri"]).is_ok()
}

/// Whether the process in the daemon's own pid file is alive.
fn runs(daemon: &str) -> bool {
    fs::read_to_string(format!("/run/{daemon}.pid"))
        .is_ok_and(|pid| Path::new("/proc").join(pid.trim()).exists())
}

/// Gives `/dev/kvm` the owner every distribution gives it.
///
/// Where root can open it and QEMU's own user cannot, libvirt doubts its cached capabilities on
/// every call and probes QEMU again, seconds each time.
pub(super) fn give_kvm_its_owner() -> Result<()> {
    let device = Path::new("/dev/kvm");
    if !device.exists() {
        return Ok(());
    }
    let groups = fs::read_to_string("/etc/group")?;
    let kvm = groups.lines().find_map(|line| line.strip_prefix("kvm:")?.split(':').nth(1));
    let Some(kvm) = kvm.and_then(|id| id.parse().ok()) else { return Ok(()) };
    chown(device, None, Some(kvm)).context("giving /dev/kvm to the group kvm")?;
    Ok(fs::set_permissions(device, Permissions::from_mode(0o660))?)
}
