//! Any number of hosts on a network of their own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use sha2::{Digest as _, Sha256};

use super::keys::KeyPair;
use super::namespaces::Namespaces;
use super::package_cache::PackageCache;
use super::setup::{self, HostSetup, Identity};
use super::single::TestHost;
use super::tree;
use crate::{Cache, run};

/// How many instances of inotify one user may have; every systemd wants several.
const INOTIFY_INSTANCES: u32 = 4096;
const PACKAGE_CACHE_PORT: u16 = 3142;

/// Hosts that are up and answer on their SSH port; all of them end when this is dropped.
///
/// It is a slice of [`TestHost`]s.
#[derive(Debug)]
pub struct TestHosts {
    hosts: Vec<TestHost>,
    packages: PackageCache,
    login: KeyPair,
    namespaces: Arc<Namespaces>,
}

impl TestHosts {
    /// Boots `count` ordinary hosts side by side.
    ///
    /// # Errors
    /// When this is not root, something is not installed, or a host does not come up.
    pub fn start(count: usize) -> Result<Self> {
        Self::start_with(&vec![HostSetup::new(); count])
    }

    /// Boots one host for each of `setups`, side by side.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(setups: &[HostSetup]) -> Result<Self> {
        let cache = Cache::open()?;
        let tree = tree::cached(&cache)?;
        allow_inotify()?;
        let namespaces = Arc::new(Namespaces::claim(&tree)?);
        let gateway = address(namespaces.number(), 1);
        lay_uplink(&namespaces, gateway)?;
        let packages =
            PackageCache::start(&cache, SocketAddr::from((gateway, PACKAGE_CACHE_PORT)))?;
        let login = KeyPair::generate(namespaces.own("login"), "")?;
        let mut hosts = Self { hosts: Vec::new(), packages, login, namespaces };
        for (index, setup) in (2..=u8::MAX).zip(setups) {
            let host = hosts.prepare(index, setup, &tree)?;
            host.start_booting()?;
            hosts.hosts.push(host);
        }
        hosts.hosts.iter().try_for_each(TestHost::wait_until_up)?;
        Ok(hosts)
    }

    /// The key that may log in to every host, as root and as every other user.
    pub fn login(&self) -> &KeyPair {
        &self.login
    }

    /// The server through which the hosts get their packages.
    pub fn packages(&self) -> &PackageCache {
        &self.packages
    }

    /// The path of `name` in the folder of this network, which goes with it however this process ends; nothing is
    /// created.
    pub fn own(&self, name: &str) -> PathBuf {
        self.namespaces.own(name)
    }

    /// The address of this machine, as the hosts see it.
    pub fn gateway(&self) -> Ipv4Addr {
        address(self.namespaces.number(), 1)
    }

    /// Writes the keys of all hosts to `path`, as `ssh` wants its `known_hosts`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_known_hosts(&self, path: &Path) -> Result<()> {
        let lines =
            self.hosts.iter().map(TestHost::known_hosts_line).collect::<Result<Vec<_>>>()?;
        fs::write(path, lines.concat()).with_context(|| format!("writing {}", path.display()))
    }

    fn prepare(&self, index: u8, setup: &HostSetup, tree: &Path) -> Result<TestHost> {
        let number = self.namespaces.number();
        let name = format!("h{number}-{}", index - 1);
        let home = self.namespaces.home(&name);
        let upper = home.join("upper");
        fs::create_dir_all(&upper)?;
        let identity = Identity {
            name: &name,
            machine_id: machine_id(&name),
            address: address(number, index),
            gateway: self.gateway(),
            package_proxy: self.packages.url(),
            login: self.login.public()?,
        };
        setup::write(setup, &identity, tree, &upper)?;
        let key = KeyPair::generate(upper.join("etc/ssh/ssh_host_ed25519_key"), "")?;
        TestHost::new(name.clone(), identity.address, key, self.login.clone(), &self.namespaces)
    }
}

impl Deref for TestHosts {
    type Target = [TestHost];

    fn deref(&self) -> &[TestHost] {
        &self.hosts
    }
}

fn address(network: u8, host: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 231, network, host)
}

/// Joins the network of the hosts with this machine.
///
/// The kernel takes the link away some time after the namespaces, so that the last owner of this
/// number may have left one; nobody else can, for the number is locked.
fn lay_uplink(namespaces: &Namespaces, gateway: Ipv4Addr) -> Result<()> {
    let link = format!("hmy{}", namespaces.number());
    let process = namespaces.first_process().to_string();
    let ip = |args: &[&str]| run(Path::new("/"), "ip", args);
    if ip(&["link", "delete", &link]).is_ok() {
        log::debug!("{link} of the last network with this number was still there");
    }
    ip(&["link", "add", &link, "type", "veth", "peer", "name", "up0", "netns", &process])?;
    ip(&["address", "add", &format!("{gateway}/24"), "dev", &link])?;
    ip(&["link", "set", &link, "up"])?;
    namespaces.obey("uplink", "")
}

/// The kernel's own limit ends at about 20 hosts.
fn allow_inotify() -> Result<()> {
    let path = "/proc/sys/fs/inotify/max_user_instances";
    let now: u32 = fs::read_to_string(path)?.trim().parse()?;
    if now < INOTIFY_INSTANCES {
        fs::write(path, INOTIFY_INSTANCES.to_string()).context("raising the limit of inotify")?;
    }
    Ok(())
}

/// 32 hexadecimal digits that no other host has.
fn machine_id(name: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let digest = Sha256::digest(format!("{name} {} {now:?}", process::id()));
    format!("{:x}", Bytes::copy_from_slice(&digest[..16]))
}
