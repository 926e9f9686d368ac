//! The OKD chain and pairs of it: every cell decided by the compiler.

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
use harmony_providers::okd_site::{
    Bootstrapping, ClusterReady, Declared, DestroyCluster, FormCluster, GRAPH, NetworkReady,
    PrepareNetwork, StartBootstrapNode,
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
        rows:
            Topology<Declared>,
            Topology<NetworkReady>,
            Topology<Bootstrapping>,
            Topology<ClusterReady>;
        capabilities:
            Resting, DhcpServer, DnsServer, TftpServer, LoadBalancer, K8sClient,
            Hypervisor, StoragePools, VirtualNetworks;
        capabilities:
            HostFacts, CommandExecution, FileStore, PackageManager,
            ServiceManager, AccountStore, KernelModules, Sysctl;
        transitions: PrepareNetwork, StartBootstrapNode, FormCluster, DestroyCluster;
        reached: Declared, NetworkReady, Bootstrapping, ClusterReady;
    };
    is_as_kept("okd_site.txt", &table);
    assert_eq!(disagreements(&GRAPH, &table), Vec::<String>::new());
}

#[test]
fn pairs() {
    let table = phase_matrix! {
        rows:
            "declared" = FailoverTopology<Topology<Declared>>,
            "network, declared" = FailoverTopology<Topology<NetworkReady>, Topology<Declared>>,
            "declared, network" = FailoverTopology<Topology<Declared>, Topology<NetworkReady>>,
            "networks" = FailoverTopology<Topology<NetworkReady>>,
            "bootstrapping, declared" = FailoverTopology<Topology<Bootstrapping>, Topology<Declared>>,
            "declared, bootstrapping" = FailoverTopology<Topology<Declared>, Topology<Bootstrapping>>,
            "bootstrapping, network" = FailoverTopology<Topology<Bootstrapping>, Topology<NetworkReady>>,
            "network, bootstrapping" = FailoverTopology<Topology<NetworkReady>, Topology<Bootstrapping>>,
            "bootstrapping" = FailoverTopology<Topology<Bootstrapping>>,
            "cluster, declared" = FailoverTopology<Topology<ClusterReady>, Topology<Declared>>,
            "declared, cluster" = FailoverTopology<Topology<Declared>, Topology<ClusterReady>>,
            "cluster, network" = FailoverTopology<Topology<ClusterReady>, Topology<NetworkReady>>,
            "network, cluster" = FailoverTopology<Topology<NetworkReady>, Topology<ClusterReady>>,
            "cluster, bootstrapping" = FailoverTopology<Topology<ClusterReady>, Topology<Bootstrapping>>,
            "bootstrapping, cluster" = FailoverTopology<Topology<Bootstrapping>, Topology<ClusterReady>>,
            "clusters" = FailoverTopology<Topology<ClusterReady>>;
        capabilities:
            Resting, DhcpServer, DnsServer, TftpServer, LoadBalancer, K8sClient,
            Hypervisor, StoragePools, VirtualNetworks;
        capabilities:
            HostFacts, CommandExecution, FileStore, PackageManager,
            ServiceManager, AccountStore, KernelModules, Sysctl;
        transitions: PrepareNetwork, StartBootstrapNode, FormCluster, DestroyCluster;
        transitions:
            Primary<PrepareNetwork>, Primary<StartBootstrapNode>,
            Primary<FormCluster>, Primary<DestroyCluster>;
        transitions:
            Replica<PrepareNetwork>, Replica<StartBootstrapNode>,
            Replica<FormCluster>, Replica<DestroyCluster>;
        reached: Declared, NetworkReady, Bootstrapping, ClusterReady;
    };
    is_as_kept("okd_site_pairs.txt", &table);
}
