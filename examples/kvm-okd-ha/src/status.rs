use std::{fmt::Write as _, net::IpAddr};

use harmony_capabilities::virtualization::{
    Hypervisor, Lease, MachineStatus, VirtualNetworks, VirtualizationError,
};

use crate::{Node, specs::LAN};

/// One line a machine: what it is, whether it runs, and whether it has taken its lease.
pub(crate) async fn table(
    host: &(impl Hypervisor + VirtualNetworks),
    nodes: &[Node],
) -> Result<String, VirtualizationError> {
    let machines = host.machines().await?;
    // invariant: the name is a constant of this program, which a test parses.
    let leases = match LAN.parse() {
        Ok(network) => host.leases(&network).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    Ok(render(nodes, &machines, &leases))
}

fn render(nodes: &[Node], machines: &[MachineStatus], leases: &[Lease]) -> String {
    let mut table = format!(
        "{:<12} {:<8} {:<8} {:>5} {:>9}  {:<15} {}\n",
        "machine", "role", "power", "vcpus", "memory", "address", "lease"
    );
    for node in nodes {
        let machine = machines.iter().find(|machine| machine.name == node.name());
        let power = machine.map_or_else(|| "missing".to_owned(), |found| found.power.to_string());
        let address = IpAddr::from(node.address());
        let lease = leases.iter().find(|lease| lease.mac == node.mac());
        let lease = match lease {
            None => "none yet".to_owned(),
            Some(lease) if lease.ip == address => "taken".to_owned(),
            Some(lease) => format!("another: {}", lease.ip),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "{:<12} {:<8} {:<8} {:>5} {:>9}  {:<15} {lease}",
            node.name(),
            node.role,
            power,
            node.size.vcpus,
            node.size.memory.to_string(),
            address.to_string()
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::virtualization::PowerStatus;
    use harmony_types::ObjectName;

    use super::*;
    use crate::{Scale, nodes};

    #[test]
    fn the_network_has_a_name() {
        LAN.parse::<ObjectName>().unwrap();
    }

    #[test]
    fn each_machine_has_its_line() {
        let nodes = nodes(Scale::Tiny);
        let gateway = MachineStatus {
            name: "okd-gateway".to_owned(),
            power: PowerStatus::Running,
            vcpus: 1,
            memory: nodes[0].size.memory,
            macs: vec![nodes[0].mac()],
            mark: None,
        };
        let lease = |ip: [u8; 4]| Lease { mac: nodes[0].mac(), ip: ip.into(), hostname: None };
        let table = render(&nodes, &[gateway], &[lease([192, 168, 100, 2])]);
        assert_eq!(table.lines().count(), 8);
        let line = table.lines().nth(1).unwrap();
        assert!(line.contains("running") && line.ends_with("taken"), "{line}");
        let line = table.lines().nth(2).unwrap();
        assert!(line.contains("missing") && line.ends_with("none yet"), "{line}");
        let table = render(&nodes, &[], &[lease([192, 168, 100, 7])]);
        assert!(table.contains("another: 192.168.100.7"), "{table}");
    }
}
