//! From a machine that somebody named to a hypervisor: `Declared` → `LinuxHost` → `KvmHost`.
//!
//! A chain begins at [`Declared`], which promises nothing but an address. [`ConnectLocal`] looks at
//! this machine and `ConnectSsh` logs in to another; both find a [`LinuxHost`], which grants what
//! can be done on a host: facts, commands, files, packages, services, accounts, kernel modules and
//! parameters. [`InstallKvm`] makes it a [`KvmHost`], which grants virtual networks, storage pools
//! and virtual machines; [`ConnectHypervisor`] only takes one that is there. Elsewhere libvirt is
//! reached through the connection that is open already.
//!
//! ```no_run
//! use harmony_phases::{Pipeline, Topology};
//! use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};
//!
//! fn host() -> Pipeline<Topology<Declared>, Topology<KvmHost>> {
//!     Pipeline::start().advance(ConnectLocal).advance(ConnectHypervisor::new("qemu:///system"))
//! }
//! ```

mod chain;
#[cfg(feature = "ssh")]
mod forwarded;
mod hypervisor;
mod install;
mod listening;
mod local;
mod reach;
mod route;
#[cfg(feature = "ssh")]
mod ssh;

#[doc(inline)]
pub use chain::kvm_host as phases;
pub use chain::kvm_host::{AnyKvmHost, Declared, GRAPH, KvmHost, LinuxHost};
pub use harmony_macros::kvm_host;
pub use harmony_types::{KvmHostAddress, SshAddress};
pub use hypervisor::ConnectHypervisor;
pub use install::InstallKvm;
pub use local::ConnectLocal;
pub use route::Route;
#[cfg(feature = "ssh")]
pub use ssh::ConnectSsh;
