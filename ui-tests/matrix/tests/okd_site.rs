//! The OKD chain and pairs of it: every cell decided by the compiler.

use std::path::Path;

use harmony_capabilities::{
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
            "bootstrapping, network" = FailoverTopology<Topology<Bootstrapping>, Topology<NetworkReady>>,
            "network, bootstrapping" = FailoverTopology<Topology<NetworkReady>, Topology<Bootstrapping>>,
            "cluster, network" = FailoverTopology<Topology<ClusterReady>, Topology<NetworkReady>>,
            "network, cluster" = FailoverTopology<Topology<NetworkReady>, Topology<ClusterReady>>,
            "clusters" = FailoverTopology<Topology<ClusterReady>>;
        capabilities: Resting, DhcpServer, DnsServer, TftpServer, LoadBalancer, K8sClient;
        transitions:
            PrepareNetwork,
            Primary<PrepareNetwork>, Replica<PrepareNetwork>,
            Primary<StartBootstrapNode>, Replica<StartBootstrapNode>,
            Primary<FormCluster>, Replica<FormCluster>,
            Primary<DestroyCluster>, Replica<DestroyCluster>;
        reached: Declared, NetworkReady, Bootstrapping, ClusterReady;
    };
    is_as_kept("okd_site_pairs.txt", &table);
}
