//! A network's spec as libvirt's XML.

use std::net::IpAddr;

use harmony_capabilities::virtualization::{NetworkMode, NetworkSpec};
use harmony_phases::ownership::Mark;

use super::super::xml::{
    Bootp, Bridge, Dhcp, DhcpHost, DhcpRange, Dns, DnsDomain, DnsHost, Forward, Ip, Metadata,
    Network, Tftp,
};

/// The network as it shall be, without what the spec leaves open.
pub(super) fn wanted(spec: &NetworkSpec, mark: &Mark) -> Network {
    Network {
        name: spec.name.to_string(),
        uuid: None,
        metadata: Some(Metadata::written(mark)),
        forward: forward(&spec.mode),
        bridge: bridge(spec),
        domain: spec
            .domain
            .as_ref()
            .map(|domain| DnsDomain { name: domain.to_string(), local_only: Some("yes".into()) }),
        dns: (!spec.dns.is_empty()).then(|| Dns { hosts: dns_hosts(spec) }),
        ips: ip(spec).into_iter().collect(),
    }
}

fn forward(mode: &NetworkMode) -> Option<Forward> {
    let (mode, dev) = match mode {
        NetworkMode::Isolated => return None,
        NetworkMode::Nat => ("nat", None),
        NetworkMode::Routed { dev } => ("route", dev.as_ref().map(ToString::to_string)),
        NetworkMode::HostBridge { .. } => ("bridge", None),
    };
    Some(Forward { mode: Some(mode.into()), dev })
}

fn bridge(spec: &NetworkSpec) -> Option<Bridge> {
    let name = match &spec.mode {
        NetworkMode::HostBridge { bridge } => Some(bridge),
        _ => spec.bridge.as_ref(),
    };
    name.map(|name| Bridge { name: Some(name.to_string()) })
}

fn dns_hosts(spec: &NetworkSpec) -> Vec<DnsHost> {
    let host = |host: &harmony_capabilities::virtualization::DnsHost| DnsHost {
        ip: host.ip.to_string(),
        names: host.names.iter().map(ToString::to_string).collect(),
    };
    spec.dns.iter().map(host).collect()
}

fn ip(spec: &NetworkSpec) -> Option<Ip> {
    let (subnet, gateway) = (spec.subnet?, spec.gateway_address()?);
    Some(Ip {
        family: Some(if gateway.is_ipv4() { "ipv4" } else { "ipv6" }.into()),
        address: gateway.to_string(),
        prefix: Some(subnet.prefix_len()),
        netmask: None,
        tftp: spec.tftp_root.as_ref().map(|root| Tftp { root: root.to_string() }),
        dhcp: dhcp(spec),
    })
}

fn dhcp(spec: &NetworkSpec) -> Option<Dhcp> {
    if spec.dhcp.is_empty() && spec.leases.is_empty() && spec.boot.is_none() {
        return None;
    }
    let range =
        |first: IpAddr, last: IpAddr| DhcpRange { start: first.to_string(), end: last.to_string() };
    Some(Dhcp {
        ranges: spec.dhcp.iter().map(|it| range(it.first(), it.last())).collect(),
        hosts: spec
            .leases
            .iter()
            .map(|lease| DhcpHost {
                mac: Some(lease.mac.to_string()),
                name: lease.name.as_ref().map(ToString::to_string),
                ip: lease.ip.to_string(),
            })
            .collect(),
        bootp: spec.boot.as_ref().map(|boot| Bootp {
            file: boot.file.clone(),
            server: boot.server.map(|server| server.to_string()),
        }),
    })
}
