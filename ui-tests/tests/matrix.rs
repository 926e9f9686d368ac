//! What is possible in which phase: every cell decided by the compiler, compared with tables people can read.
//!
//! A cell that says yes proves the probe; a cell that says no cannot be a misspelt name, because every type
//! and trait in the table has to exist. `GRAPH`, the data that `#[phases]` writes, is a second witness.

use harmony_phases::{
    FailoverTopology, Resting, Topology,
    higher_order::{Primary, Replica},
    phase_matrix,
};
use ui_tests::{
    sample::{
        ConfigureNetwork, Connect, FormCluster, InstallAppliance, StartBootstrapNode, appliance,
        roles::{DhcpServer, DnsServer, Hypervisor, K8sClient},
        site,
    },
    suite::{disagreements, folder, kept},
};

#[track_caller]
fn is_as_kept(name: &str, table: &str) {
    let kept = kept(&folder("tables").join(name), table).expect("the table is readable");
    assert_eq!(table, kept, "if this is meant, `cargo xtask bless` and read the difference");
}

#[test]
fn site_phases() {
    let table = phase_matrix! {
        rows:
            Topology<site::Declared>,
            Topology<site::LinuxHost>,
            Topology<site::NetworkReady>,
            Topology<site::Bootstrapping>,
            Topology<site::ClusterReady>,
            Topology<appliance::Boxed>,
            Topology<appliance::Installed>;
        capabilities: Resting, Hypervisor, DhcpServer, DnsServer, K8sClient;
        transitions: Connect, ConfigureNetwork, StartBootstrapNode, FormCluster, InstallAppliance;
        reached:
            site::Declared, site::LinuxHost, site::NetworkReady, site::Bootstrapping,
            site::ClusterReady, appliance::Installed;
    };
    is_as_kept("sample.txt", &table);
    for graph in [site::GRAPH, appliance::GRAPH] {
        assert_eq!(disagreements(&graph, &table), Vec::<String>::new());
    }
}

#[test]
fn site_pairs() {
    let table = phase_matrix! {
        rows:
            "hosts" = FailoverTopology<Topology<site::LinuxHost>>,
            "primary ahead" = FailoverTopology<Topology<site::NetworkReady>, Topology<site::LinuxHost>>,
            "replica ahead" = FailoverTopology<Topology<site::LinuxHost>, Topology<site::NetworkReady>>,
            "networks" = FailoverTopology<Topology<site::NetworkReady>>,
            "clusters" = FailoverTopology<Topology<site::ClusterReady>>;
        capabilities: Resting, Hypervisor, DhcpServer, DnsServer, K8sClient;
        transitions:
            ConfigureNetwork,
            Primary<ConfigureNetwork>,
            Replica<ConfigureNetwork>,
            Primary<StartBootstrapNode>;
        reached: site::LinuxHost, site::NetworkReady, site::ClusterReady;
    };
    is_as_kept("sample_pairs.txt", &table);
}
