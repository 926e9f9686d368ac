//! A host with libvirt, and pairs of them: every cell decided by the compiler.
#![cfg(feature = "libvirt")]

use std::path::Path;

use harmony_capabilities::{
    host::{
        AccountStore, CommandExecution, FileStore, HostFacts, KernelModules, PackageManager,
        ServiceManager, Sysctl,
    },
    kubernetes::K8sClient,
    network::{DhcpServer, DnsServer, LoadBalancer, TftpServer},
    virtualization::{Hypervisor, StoragePools, VirtualNetworks},
};
use harmony_phases::{
    FailoverTopology, Resting, Topology,
    higher_order::{Primary, Replica},
    phase_matrix,
};
use harmony_providers::kvm_host::{
    ConnectHypervisor, ConnectLocal, ConnectSsh, Declared, GRAPH, InstallKvm, KvmHost, LinuxHost,
};
use ui_tests::suite::{disagreements, kept};

#[track_caller]
fn is_as_kept(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables").join(name);
    let kept = kept(&path, table).expect("the table is readable");
    assert_eq!(table, kept, "if this is meant, `cargo xtask bless` and read the difference");
}

#[test]
fn phases() {
    let table = phase_matrix! {
        rows: Topology<Declared>, Topology<LinuxHost>, Topology<KvmHost>;
        capabilities:
            Resting, Hypervisor, StoragePools, VirtualNetworks,
            DhcpServer, DnsServer, TftpServer, LoadBalancer, K8sClient;
        capabilities:
            HostFacts, CommandExecution, FileStore, PackageManager,
            ServiceManager, AccountStore, KernelModules, Sysctl;
        transitions: ConnectLocal, ConnectSsh, ConnectHypervisor, InstallKvm;
        reached: Declared, LinuxHost, KvmHost;
    };
    is_as_kept("kvm_host.txt", &table);
    assert_eq!(disagreements(&GRAPH, &table), Vec::<String>::new());
}

#[test]
fn pairs() {
    let table = phase_matrix! {
        rows:
            "declared" = FailoverTopology<Topology<Declared>>,
            "linux, declared" = FailoverTopology<Topology<LinuxHost>, Topology<Declared>>,
            "declared, linux" = FailoverTopology<Topology<Declared>, Topology<LinuxHost>>,
            "linux" = FailoverTopology<Topology<LinuxHost>>,
            "kvm, declared" = FailoverTopology<Topology<KvmHost>, Topology<Declared>>,
            "declared, kvm" = FailoverTopology<Topology<Declared>, Topology<KvmHost>>,
            "kvm, linux" = FailoverTopology<Topology<KvmHost>, Topology<LinuxHost>>,
            "linux, kvm" = FailoverTopology<Topology<LinuxHost>, Topology<KvmHost>>,
            "kvm" = FailoverTopology<Topology<KvmHost>>;
        capabilities:
            Resting, Hypervisor, StoragePools, VirtualNetworks,
            DhcpServer, DnsServer, TftpServer, LoadBalancer, K8sClient;
        capabilities:
            HostFacts, CommandExecution, FileStore, PackageManager,
            ServiceManager, AccountStore, KernelModules, Sysctl;
        transitions: ConnectLocal, ConnectSsh, ConnectHypervisor, InstallKvm;
        transitions:
            Primary<ConnectLocal>, Primary<ConnectSsh>, Primary<ConnectHypervisor>, Primary<InstallKvm>;
        transitions:
            Replica<ConnectLocal>, Replica<ConnectSsh>, Replica<ConnectHypervisor>, Replica<InstallKvm>;
        reached: Declared, LinuxHost, KvmHost;
    };
    is_as_kept("kvm_host_pairs.txt", &table);
}
