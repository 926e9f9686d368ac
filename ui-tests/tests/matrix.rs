//! What is possible in which phase: every cell decided by the compiler, compared with tables people can read.
//!
//! A cell that says yes proves the probe; a cell that says no cannot be a misspelt name, because every type
//! and trait in the table has to exist. `GRAPH`, the data that `#[phases]` writes, is a second witness.

use std::fs;

use harmony_phases::{
    FailoverTopology, Topology,
    graph::PhaseGraph,
    higher_order::{Primary, Replica},
    phase_matrix,
};
use ui_tests::{
    sample::{
        ConfigureNetwork, Connect, FormCluster, InstallAppliance, StartBootstrapNode, appliance,
        roles::{DhcpServer, DnsServer, Hypervisor, K8sClient},
        site,
    },
    suite::{blessing, folder},
};

#[track_caller]
fn is_as_written(name: &str, table: &str) {
    let path = folder("matrix").join(name);
    if blessing() {
        fs::write(&path, table).expect("the table is writable");
    }
    let written = fs::read_to_string(&path).expect("the table is readable");
    assert_eq!(table, written, "if this is meant, `cargo xtask bless` and read the difference");
}

/// The cells that `graph` claims are those that the compiler found.
#[track_caller]
fn agrees(graph: &PhaseGraph, table: &str) {
    for group in table.split("\n\n") {
        let mut lines = group.lines().map(str::split_whitespace);
        let Some(mut head) = lines.next() else { continue };
        let claimed: fn(&harmony_phases::graph::PhaseNode) -> &[&str] = match head.next() {
            Some("capabilities") => |phase| phase.grants,
            Some("reached") => |phase| phase.reaches,
            _ => continue,
        };
        let columns: Vec<&str> = head.collect();
        for mut cells in lines {
            let name = cells.next().unwrap_or_default();
            let Some(phase) = graph.phases.iter().find(|phase| phase.name == name) else {
                continue;
            };
            for (column, cell) in columns.iter().zip(cells) {
                assert_eq!(claimed(phase).contains(column), cell == "yes", "{name} × {column}");
            }
        }
    }
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
        capabilities: Hypervisor, DhcpServer, DnsServer, K8sClient;
        transitions: Connect, ConfigureNetwork, StartBootstrapNode, FormCluster, InstallAppliance;
        reached:
            site::Declared, site::LinuxHost, site::NetworkReady, site::Bootstrapping,
            site::ClusterReady, appliance::Installed;
    };
    is_as_written("sample.txt", &table);
    agrees(&site::GRAPH, &table);
    agrees(&appliance::GRAPH, &table);
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
        capabilities: Hypervisor, DhcpServer, DnsServer, K8sClient;
        transitions:
            ConfigureNetwork,
            Primary<ConfigureNetwork>,
            Replica<ConfigureNetwork>,
            Primary<StartBootstrapNode>;
        reached: site::LinuxHost, site::NetworkReady, site::ClusterReady;
    };
    is_as_written("sample_pairs.txt", &table);
}
