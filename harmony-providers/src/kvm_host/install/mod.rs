//! From a bare Linux host to one that runs virtual machines.
//!
//! What is missing is found by looking (`survey`), what forbids the work is said before anything is
//! touched (`obstacles`), and what is done (`equip`) is done in an order that a cut anywhere leaves
//! recognisable: a host whose packages carry our mark is only taken for a KVM host once all of it
//! is there. libvirt is proven as soon as it listens (`proof`).

mod daemons;
mod equip;
mod extras;
mod install_kvm;
mod modules;
mod obstacles;
mod packages;
mod proof;
mod roles;
mod survey;
mod transition;

pub use install_kvm::InstallKvm;
