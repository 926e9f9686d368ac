//! A network is wanted of a host that has no hypervisor yet: a wrong order, which does not compile.
//!
//! `cargo xtask demo` compiles this file to show what the compiler says.

use harmony_capabilities::virtualization::{NetworkSpec, VirtualNetworkScore};
use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};

fn site(lan: NetworkSpec) -> Pipeline<Topology<Declared>, Topology<KvmHost>> {
    Pipeline::start()
        .advance(ConnectLocal)
        .run(VirtualNetworkScore::new(lan)) // too early: this belongs one line below
        .advance(ConnectHypervisor::new("qemu:///system"))
}

fn main() {
    let lan = NetworkSpec::builder().name("lan").build();
    let _ = lan.map(site);
}
