//! A host that is a whole virtual machine.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::keys::KeyPair;
use super::machine_image::{MachineImage, PACKAGE_PROXY};
use super::package_cache::PackageCache;
use crate::{Cache, Scratch, SerialLog, run, wait};

const BOOT: Duration = Duration::from_mins(10);
/// How long anything may take there that a test waits for.
const LONGEST: Duration = Duration::from_mins(10);

/// How a virtual machine differs from an ordinary one.
#[derive(Clone, Debug, Default)]
pub struct MachineSetup {
    clock: Option<String>,
}

impl MachineSetup {
    /// An ordinary one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts the machine's clock at this time, in UTC: `2026-01-31T12:00:00`.
    #[must_use]
    pub fn clock(mut self, at: impl Into<String>) -> Self {
        self.clock = Some(at.into());
        self
    }
}

/// The Debian of the test hosts under QEMU, with a kernel and a disk of its own.
///
/// It has the users of a [`TestHost`](super::TestHost), loads kernel modules, sets its sysctls and its
/// clock, and has a disk with a cache: when its power is cut, it loses what it did not flush. Emulated,
/// it boots in about a minute and is slow.
#[derive(Debug)]
pub struct TestMachine {
    image: MachineImage,
    setup: MachineSetup,
    packages: PackageCache,
    port: u16,
    folder: Scratch,
    powered: Option<Powered>,
}

/// QEMU, which ends when nobody holds its input any more.
#[derive(Debug)]
struct Powered {
    process: Child,
    input: Option<ChildStdin>,
}

impl TestMachine {
    /// Boots an ordinary machine and waits until it answers.
    ///
    /// # Errors
    /// When this is not root, something is not installed, or it does not come up.
    pub fn start() -> Result<Self> {
        Self::start_with(MachineSetup::new())
    }

    /// Boots a machine as `setup` says and waits until it answers.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(setup: MachineSetup) -> Result<Self> {
        let cache = Cache::open()?;
        let image = MachineImage::cached(&cache)?;
        let packages = PackageCache::start(&cache, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let folder = Scratch::new()?;
        let original = image.disk.to_string_lossy();
        run(folder.path(), "qemu-img", &["convert", "-O", "raw", &original, "disk"])?;
        let mut machine = Self { image, setup, packages, port, folder, powered: None };
        machine.boot()?;
        Ok(machine)
    }

    /// Where its sshd listens.
    pub fn ssh(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// The key its sshd shows.
    pub fn host_key(&self) -> &KeyPair {
        &self.image.host_key
    }

    /// The key that may log in as anybody.
    pub fn login(&self) -> &KeyPair {
        &self.image.login
    }

    /// Its line in a `known_hosts` file, with the line's end.
    ///
    /// # Errors
    /// When the host key cannot be read.
    pub fn known_hosts_line(&self) -> Result<String> {
        let address = self.ssh();
        Ok(format!("[{}]:{} {}\n", address.ip(), address.port(), self.host_key().public()?))
    }

    /// Runs a script as root, by the `ssh` program; returns its standard output.
    ///
    /// # Errors
    /// When it does not answer, or the script fails: with its standard error.
    pub fn sh(&self, script: &str) -> Result<String> {
        let known = self.folder.join("known_hosts");
        fs::write(&known, self.known_hosts_line()?)?;
        let known = format!("UserKnownHostsFile={}", known.display());
        let key = self.login().private().to_string_lossy();
        let port = self.port.to_string();
        let options = ["-F", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=60"];
        let to = ["-o", &known, "-i", &key, "-p", &port, "root@127.0.0.1", script];
        run(Path::new("/"), "ssh", &[&options[..], &to].concat())
    }

    /// Takes its power away: what it had not flushed to its disk is lost.
    ///
    /// # Errors
    /// When it is off already.
    pub fn cut_power(&mut self) -> Result<()> {
        let mut powered = self.powered.take().context("the machine is off")?;
        powered.input = None;
        powered.process.wait()?;
        Ok(())
    }

    /// Has it lose its power at the very moment when `condition`, a command of the shell, succeeds there.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn lose_power_when(&self, condition: &str) -> Result<()> {
        let watch = format!("until {condition}; do :; done; echo c >/proc/sysrq-trigger");
        let start = "setsid sh /run/watch </dev/null >/dev/null 2>&1 &";
        self.sh(&format!("cat >/run/watch <<'END'\n{watch}\nEND\n{start}")).map(drop)
    }

    /// Waits until it has lost its power.
    ///
    /// # Errors
    /// When it keeps it.
    pub fn wait_for_power_loss(&mut self) -> Result<()> {
        // It stands still from there on, and QEMU does not know: it would flush the disk of a machine that is reset.
        self.serial().wait_for("Kernel panic - not syncing", LONGEST)?;
        self.cut_power()
    }

    /// What is in a file on its disk, while it is off.
    ///
    /// # Errors
    /// When it is on, or its disk cannot be read.
    pub fn on_disk(&self, path: &str) -> Result<String> {
        ensure!(self.powered.is_none(), "the machine is on");
        // What only the journal has is there, but nobody finds it before the journal was replayed.
        let read = r#"e2fsck -p disk >&2 || [ "$?" -eq 1 ]; debugfs -R "cat $0" disk"#;
        run(self.folder.path(), "sh", &["-ec", read, path])
    }

    /// Switches it on, and waits until it answers.
    ///
    /// # Errors
    /// When it is on, or does not come up.
    pub fn boot(&mut self) -> Result<()> {
        ensure!(self.powered.is_none(), "the machine is on");
        let serial = self.serial();
        self.powered = Some(self.switch_on(&serial)?);
        wait::until("the machine answers", BOOT, || self.sh("true")).map(drop).with_context(|| {
            let printed = serial.text();
            let last: Vec<&str> = printed.lines().rev().take(5).collect();
            format!("its serial line: {last:?}")
        })
    }

    fn serial(&self) -> SerialLog {
        SerialLog::new(self.folder.join("serial.log"))
    }

    fn switch_on(&self, serial: &SerialLog) -> Result<Powered> {
        let network = format!(
            "user,id=net,hostfwd=tcp:{}-:22,guestfwd=tcp:{PACKAGE_PROXY}-tcp:{}",
            self.ssh(),
            self.packages.url().trim_start_matches("http://")
        );
        let disk = self.folder.join("disk.socket");
        // A disk that lost its power has left its socket behind.
        if disk.exists() {
            fs::remove_file(&disk)?;
        }
        let mut process = Command::new("unshare")
            .args(["--pid", "--fork", "--kill-child"])
            .args(["bash", "-c", include_str!("machine.sh"), "bash"])
            .args([self.folder.join("disk").as_path(), &disk])
            .arg("qemu-system-x86_64")
            .args(["-accel", "tcg,thread=multi", "-machine", "q35", "-cpu", "max", "-m", "768"])
            .args(["-smp", "2", "-nographic", "-monitor", "none"])
            .arg("-no-reboot")
            .arg("-kernel")
            .arg(&self.image.vmlinuz)
            .arg("-initrd")
            .arg(&self.image.initrd)
            // Nothing reaches the disk by the way of a clock: who wants to keep something has to say so.
            .args(["-append", "console=ttyS0 root=/dev/vda rootflags=commit=300 no_timer_check"])
            .arg("-drive")
            .arg(format!("if=virtio,format=raw,cache=writeback,file=nbd:unix:{}", disk.display()))
            .args(["-netdev", &network, "-device", "virtio-net-pci,netdev=net,romfile="])
            .args(["-device", "virtio-rng-pci"])
            .args(["-serial", &format!("file:{}", serial.path().display())])
            .args(["-rtc", &format!("base={}", self.setup.clock.as_deref().unwrap_or("utc"))])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(File::create(self.folder.join("qemu.log"))?)
            .spawn()
            .context("starting unshare: the e2e tests need root")?;
        let input = process.stdin.take();
        Ok(Powered { process, input })
    }
}

impl Drop for Powered {
    fn drop(&mut self) {
        self.input = None;
        if let Err(error) = self.process.wait() {
            log::warn!("waiting for the end of a virtual machine: {error}");
        }
    }
}
