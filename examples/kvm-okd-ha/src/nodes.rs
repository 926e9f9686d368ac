use std::fmt;

use clap::ValueEnum;
use harmony_types::{ByteSize, MacAddress};

/// How large the machines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// What a cluster needs: 38 processors and 148 GiB of memory.
    Full,
    /// What a large workstation has: a quarter of it.
    Small,
    /// What proves the wiring on any machine: 7 processors and 3.5 GiB.
    Tiny,
}

/// What a machine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the cluster's own services.
    ControlPlane,
    /// Routes, balances and resolves for the cluster.
    Gateway,
    /// Runs what the cluster is for.
    Worker,
}

/// How large a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Processors.
    pub vcpus: u32,
    /// Memory.
    pub memory: ByteSize,
    /// Disk.
    pub disk: ByteSize,
}

/// One machine of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is for.
    pub role: Role,
    /// Its number among those of its role, from 0.
    pub number: u8,
    /// The last part of its address in 192.168.100.0/24.
    pub host: u8,
    /// How large it is.
    pub size: Size,
}

/// The seven machines: one gateway, three control planes, three workers.
pub fn nodes(scale: Scale) -> Vec<Node> {
    let of = |role: Role, count: u8, first: u8| {
        let size = Size::of(role, scale);
        (0..count).map(move |number| Node { role, number, host: first + number, size })
    };
    of(Role::Gateway, 1, 2)
        .chain(of(Role::ControlPlane, 3, 10))
        .chain(of(Role::Worker, 3, 20))
        .collect()
}

impl Size {
    const fn of(role: Role, scale: Scale) -> Self {
        let (vcpus, memory, disk) = match (scale, role) {
            (Scale::Full, Role::Gateway) => (2, ByteSize::gib(4), ByteSize::gib(20)),
            (Scale::Full, Role::ControlPlane) => (4, ByteSize::gib(16), ByteSize::gib(120)),
            (Scale::Full, Role::Worker) => (8, ByteSize::gib(32), ByteSize::gib(120)),
            (Scale::Small, Role::Gateway) => (1, ByteSize::gib(1), ByteSize::gib(20)),
            (Scale::Small, Role::ControlPlane) => (1, ByteSize::gib(4), ByteSize::gib(60)),
            (Scale::Small, Role::Worker) => (2, ByteSize::gib(8), ByteSize::gib(60)),
            (Scale::Tiny, _) => (1, ByteSize::mib(512), ByteSize::gib(1)),
        };
        Self { vcpus, memory, disk }
    }
}

impl Node {
    /// Returns its address in the cluster's network, which DHCP always gives to it.
    pub const fn address(&self) -> [u8; 4] {
        [192, 168, 100, self.host]
    }

    /// Returns the address of its network card in the cluster's network.
    pub const fn mac(&self) -> MacAddress {
        MacAddress::qemu([0, 100, self.host])
    }

    /// Returns the address of the gateway's second network card, which faces the world.
    pub fn uplink_mac(&self) -> Option<MacAddress> {
        (self.role == Role::Gateway).then_some(MacAddress::qemu([0, 99, self.host]))
    }

    /// Returns its name: `okd-cp0`.
    pub fn name(&self) -> String {
        match self.role {
            Role::Gateway => format!("okd-{}", self.role),
            Role::ControlPlane | Role::Worker => format!("okd-{}{}", self.role, self.number),
        }
    }

    /// Returns the name of the volume that is its disk.
    pub fn disk_name(&self) -> String {
        format!("{}.qcow2", self.name())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ControlPlane => "cp",
            Self::Gateway => "gateway",
            Self::Worker => "worker",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_addresses_are_unique() {
        let nodes = nodes(Scale::Full);
        assert_eq!(nodes.len(), 7);
        assert_eq!(nodes.iter().map(Node::name).collect::<HashSet<_>>().len(), 7);
        assert_eq!(nodes.iter().map(Node::mac).collect::<HashSet<_>>().len(), 7);
    }

    #[test]
    fn the_full_scale_is_what_the_readme_says() {
        let sum = |of: fn(&Node) -> u64| nodes(Scale::Full).iter().map(of).sum::<u64>();
        assert_eq!(sum(|node| node.size.vcpus.into()), 38);
        assert_eq!(sum(|node| node.size.memory.as_bytes()), ByteSize::gib(148).as_bytes());
    }

    #[test]
    fn only_the_gateway_faces_the_world() {
        let facing = nodes(Scale::Tiny).into_iter().filter(|node| node.uplink_mac().is_some());
        assert_eq!(facing.map(|node| node.name()).collect::<Vec<_>>(), ["okd-gateway"]);
    }
}
