//! One host.

use std::fs;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::footprint::Footprint;
use super::keys::KeyPair;
use super::namespaces::{Namespaces, children};
use crate::{run, wait};

const BOOT: Duration = Duration::from_secs(90);
const SSH: u16 = 22;

/// Only what stays on the host itself passes; before any other rule.
const DROP_PACKETS: &str = "add table inet harmony_e2e
add chain inet harmony_e2e comes { type filter hook input priority -300; policy drop; }
add chain inet harmony_e2e goes { type filter hook output priority -300; policy drop; }
add rule inet harmony_e2e comes iifname lo accept
add rule inet harmony_e2e goes oifname lo accept";

/// A Debian with an address, users, and an sshd that knows the login key.
///
/// | user | becomes root |
/// |---|---|
/// | `root` | is root |
/// | [`DEPLOY`](super::DEPLOY) | by sudo, without a password |
/// | [`CAREFUL`](super::CAREFUL) | by sudo, with [`PASSWORD`](super::PASSWORD) |
/// | [`PLAIN`](super::PLAIN) | never |
///
/// A clone is the same host.
#[derive(Clone, Debug)]
pub struct TestHost {
    name: String,
    address: Ipv4Addr,
    key: KeyPair,
    login: KeyPair,
    namespaces: Arc<Namespaces>,
}

impl TestHost {
    pub(super) fn new(
        name: String,
        address: Ipv4Addr,
        key: KeyPair,
        login: KeyPair,
        namespaces: &Arc<Namespaces>,
    ) -> Result<Self> {
        ensure!(key.private().exists(), "{name} has no host key");
        Ok(Self { name, address, key, login, namespaces: Arc::clone(namespaces) })
    }

    /// Its host name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address, reachable from this machine.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// Where its sshd listens.
    pub fn ssh(&self) -> SocketAddr {
        SocketAddr::from((self.address, SSH))
    }

    /// The key its sshd shows; its fingerprint is what a client may pin.
    pub fn host_key(&self) -> &KeyPair {
        &self.key
    }

    /// The key that may log in.
    pub fn login(&self) -> &KeyPair {
        &self.login
    }

    /// Its line in a `known_hosts` file, with the line's end.
    ///
    /// # Errors
    /// When the host key cannot be read.
    pub fn known_hosts_line(&self) -> Result<String> {
        Ok(format!("{} {}\n", self.address, self.key.public()?))
    }

    /// Its line in a `known_hosts` file for those who reach it at `address`, through a
    /// [`Wire`](super::Wire).
    ///
    /// # Errors
    /// When the host key cannot be read.
    pub fn known_hosts_line_at(&self, address: SocketAddr) -> Result<String> {
        Ok(format!("[{}]:{} {}\n", address.ip(), address.port(), self.key.public()?))
    }

    /// Runs a command as root from outside, not through SSH; returns its standard output.
    ///
    /// # Errors
    /// When the host is not up, or the command fails: with its standard error.
    pub fn run(&self, command: &[&str]) -> Result<String> {
        let init = self.init()?.to_string();
        let enter = ["--target", &init, "--mount", "--uts", "--ipc", "--net", "--pid"];
        // Opened inside: a folder of ours would be none there, and programs fail that ask where they are.
        let plain = ["--wdns=/", "env", "-i", "LC_ALL=C", "HOME=/root"];
        let path = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
        run(Path::new("/"), "nsenter", &[&enter[..], &plain, &path, command].concat())
    }

    /// Runs a script as root from outside, as [`run`](Self::run) does.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn sh(&self, script: &str) -> Result<String> {
        self.run(&["sh", "-ec", script])
    }

    /// A path on the host's disk, as it is seen from here; not for what is mounted inside.
    pub fn path(&self, path: &str) -> PathBuf {
        self.namespaces.home(&self.name).join("root").join(path.trim_start_matches('/'))
    }

    /// Everything that has been written below `folders` since the host was made.
    ///
    /// # Errors
    /// When the host's disk cannot be read.
    pub fn footprint(&self, folders: &[&str]) -> Result<Footprint> {
        Footprint::of(&self.namespaces.home(&self.name).join("upper"), folders)
    }

    /// Takes its network away, and with it every connection, without a word to either side.
    ///
    /// # Errors
    /// When the host is not up.
    pub fn cut(&self) -> Result<()> {
        self.namespaces.obey("cut", &self.name)
    }

    /// Gives it its network back.
    ///
    /// # Errors
    /// When the host is not up.
    pub fn mend(&self) -> Result<()> {
        self.namespaces.obey("mend", &self.name)
    }

    /// Has a packet filter of its own drop whatever comes and goes, without a word to either side.
    ///
    /// # Errors
    /// When the host is not up, or drops them already.
    pub fn drop_packets(&self) -> Result<()> {
        self.filter(DROP_PACKETS)
    }

    /// Takes the packet filter away.
    ///
    /// # Errors
    /// When the host is not up, or drops none.
    pub fn pass_packets(&self) -> Result<()> {
        self.filter("delete table inet harmony_e2e")
    }

    /// Runs this machine's `nft` on the host's network: the host itself has none.
    fn filter(&self, rules: &str) -> Result<()> {
        let init = self.init()?.to_string();
        run(Path::new("/"), "nsenter", &["--target", &init, "--net", "nft", rules]).map(drop)
    }

    /// Ends it at once, as a crash would; what it wrote stays. (The kernel that keeps its disk lives
    /// on, so this says nothing about what was fsynced.)
    ///
    /// # Errors
    /// When it is not up.
    pub fn kill(&self) -> Result<()> {
        self.namespaces.obey("kill", &self.name)
    }

    /// Boots it again after [`kill`](Self::kill), and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn boot(&self) -> Result<()> {
        self.start_booting()?;
        self.wait_until_up()
    }

    pub(super) fn start_booting(&self) -> Result<()> {
        self.namespaces.obey("start", &self.name)
    }

    pub(super) fn wait_until_up(&self) -> Result<()> {
        let what = format!("{} has booted and answers on {}", self.name, self.ssh());
        let said = wait::until(&what, BOOT, || {
            self.has_booted()?;
            self.ssh_greets()
        });
        said.with_context(|| format!("its console: {}", self.console()))
    }

    /// The end of what it printed while booting.
    pub fn console(&self) -> String {
        let printed = fs::read(self.namespaces.home(&self.name).join("console"));
        let printed = printed.unwrap_or_default();
        let from = printed.len().saturating_sub(2000);
        String::from_utf8_lossy(&printed[from..]).into_owned()
    }

    /// While units are being started, some of them write to `/etc`, and a footprint would show it.
    fn has_booted(&self) -> Result<()> {
        let state = self.sh("systemctl is-system-running || true")?;
        ensure!(matches!(state.trim(), "running" | "degraded"), "systemd says {}", state.trim());
        Ok(())
    }

    fn ssh_greets(&self) -> Result<()> {
        let mut stream = TcpStream::connect_timeout(&self.ssh(), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let mut greeting = [0; 4];
        stream.read_exact(&mut greeting)?;
        ensure!(greeting == *b"SSH-", "it greets with {greeting:?}");
        Ok(())
    }

    /// Its process 1, as this machine numbers it.
    fn init(&self) -> Result<u32> {
        let argument = format!("--machine={}", self.name);
        for process in children(self.namespaces.first_process())? {
            let line = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
            if line.split('\0').any(|it| it == argument) {
                let init = children(process)?.into_iter().find(|&child| is_first(child));
                return init.with_context(|| format!("{} has no process 1 yet", self.name));
            }
        }
        anyhow::bail!("{} is not up", self.name)
    }
}

/// Whether a process is number 1 in its own process namespace.
fn is_first(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    numbers.and_then(|line| line.split_whitespace().last()) == Some("1")
}
