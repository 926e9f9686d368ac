//! Tests of Harmony against real servers, and the harness that starts them.
//!
//! Nothing here pretends to be a product that can be installed: libvirt is libvirtd, a guest is a
//! Linux kernel under QEMU, a cloud image is Debian. The harness starts and stops them, keeps what
//! is expensive to make in a [`Cache`] outside the checkout, and cleans up when a value is dropped.
//!
//! | to get | use |
//! |---|---|
//! | `qemu:///system` | [`LibvirtDaemon::shared`] |
//! | a libvirtd that may be killed | [`PrivateLibvirt::start`] |
//! | names nobody else uses, swept afterwards | [`Namespace`] |
//! | a folder that QEMU's own user can read | [`Scratch`] |
//! | a guest that boots in seconds | [`guest::TinyGuest`], [`guest::TftpRoot`] |
//! | a Debian with cloud-init and the guest agent | [`guest::CloudImage`] |
//! | Linux hosts with systemd, apt and sshd, many and soon | [`host::TestHosts`] |
//! | what a guest printed | [`SerialLog`] |
//! | an SSH server with users, keys and locks of its own, and an agent | [`sshd::SshdSetup`], [`sshd::SshAgent`] |
//! | a run in a process that is killed at an effect | [`ProcessRun`] |
//! | a few points of a run, from a printed seed, or all of them | [`torture`] |
//! | an image server that misbehaves | [`http::ImageServer`] |
//!
//! The tests need root and the packages that `cargo xtask test` installs.
#![forbid(unsafe_code)]

mod cache;
mod command;
pub mod guest;
pub mod host;
pub mod http;
mod libvirt;
mod process;
mod scratch;
mod serial;
pub mod sshd;
pub mod torture;
pub mod wait;

pub use cache::Cache;
pub use command::run;
pub use libvirt::{LibvirtDaemon, Namespace, PrivateLibvirt, virsh};
pub use process::ProcessRun;
pub use scratch::Scratch;
pub use serial::SerialLog;
