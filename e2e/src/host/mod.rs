//! Linux hosts: Debian with systemd, apt and sshd, booted in seconds by systemd-nspawn.
//!
//! A [`TestHosts`] is a network of its own with any number of hosts on it. Everything about it lives
//! in namespaces of one process, so nothing of it outlives that process: no mount, no interface, no
//! host, even when a test panics or is killed. What it leaves on the disk is swept by the next one.
//!
//! | to get | use |
//! |---|---|
//! | a few hosts, or 25 | [`TestHosts::start`] |
//! | one without SFTP, with a chatty shell, in German | [`HostSetup`] |
//! | to see that nothing was written | [`TestHost::footprint`] |
//! | to act behind Harmony's back, as root and not through SSH | [`TestHost::sh`] |
//! | a host without its network, or killed | [`TestHost::cut`], [`TestHost::drop_packets`], [`TestHost::kill`] |
//! | a home from which `ssh h1` works, and Harmony too | [`ClientHome`] |
//! | a connection that ends after the nth byte, one way or another | [`Wire`], [`Cut`] |
//!
//! What nspawn refuses (kernel modules, most sysctls, the clock) and what it cannot show (that
//! something was fsynced) needs a virtual machine instead: a [`TestMachine`] is the same Debian under
//! QEMU, and boots in a minute.

mod client;
mod cut;
mod footprint;
mod keys;
mod machine;
mod machine_image;
mod namespaces;
mod network;
mod package_cache;
mod setup;
mod single;
mod tree;
mod wire;

pub use client::ClientHome;
pub use cut::Cut;
pub use footprint::Footprint;
pub use keys::KeyPair;
pub use machine::{MachineSetup, TestMachine};
pub use network::TestHosts;
pub use package_cache::PackageCache;
pub use setup::HostSetup;
pub use single::TestHost;
pub use tree::{CAREFUL, DEPLOY, PASSWORD, PLAIN};
pub use wire::Wire;
