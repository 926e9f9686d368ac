use super::{NETWORK, Outline, interpret_of, score_of, value};
use crate::virtualization::{NetworkMode, NetworkSpec, VirtualNetworks};
use harmony_phases::{Claim, Describe, Interpret, Score};
use harmony_types::ObjectName;
use serde_json::Value;
use std::net::IpAddr;

score_of! {
    /// There is a virtual network as the spec says, and it is up.
    ///
    /// It claims its name, its bridge, and the addresses of the host and of its leases: across the
    /// site where others can reach them, on the host where they are behind it.
    VirtualNetworkScore of NetworkSpec
}

impl<T: VirtualNetworks> Score<T> for VirtualNetworkScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

interpret_of! {
    VirtualNetworkScore on VirtualNetworks:
    examine_network, ensure_network, examine_network_removal, remove_network by name
}

fn name(spec: &NetworkSpec) -> ObjectName {
    spec.name.clone()
}

fn outline(spec: &NetworkSpec) -> Outline {
    let outline = Outline::default().fact(spec.mode.to_string());
    let outline = match spec.subnet {
        Some(subnet) => outline.fact(format!("subnet {subnet}")),
        None => outline,
    };
    let leases = spec.leases.iter().map(|lease| format!("lease {} for {}", lease.ip, lease.mac));
    let ranges = spec.dhcp.iter().map(|range| format!("DHCP {range}"));
    outline.facts(ranges).facts(leases).needs(spec.mode.needs())
}

impl Describe for VirtualNetworkScore {
    fn name(&self) -> String {
        format!("network {}", self.spec.name)
    }

    fn claims(&self) -> Vec<Claim> {
        let spec = self.spec();
        let leased = spec.leases.iter().map(|lease| lease.ip);
        let addresses = spec.gateway_address().into_iter().chain(leased);
        let bridge = spec.bridge.iter().map(|bridge| Claim::object("bridge", bridge.as_str()));
        std::iter::once(Claim::object(NETWORK, spec.name.as_str()))
            .chain(bridge)
            .chain(addresses.map(|address| claim_address(&spec.mode, address)))
            .collect()
    }
}

fn claim_address(mode: &NetworkMode, address: IpAddr) -> Claim {
    match mode {
        NetworkMode::HostBridge { .. } | NetworkMode::Routed { .. } => Claim::ip(address),
        NetworkMode::Isolated | NetworkMode::Nat => Claim::object("address", address.to_string()),
    }
}
