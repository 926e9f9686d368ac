//! What a running machine needs, and what its guest shows of itself.
use super::{
    thing::{Kind, Thing},
    world::World,
};
use crate::virtualization::{Cdrom, Disk, DiskSource, Lease, Nic, NicSource, StaticLease};
use harmony_types::{MacAddress, ObjectName};

/// The first network or volume that a machine needs and that is not there.
pub(super) fn missing(world: &World, machine: &Thing) -> Option<String> {
    missing_network(world, machine).or_else(|| missing_volume(world, machine))
}

fn missing_network(world: &World, machine: &Thing) -> Option<String> {
    let nics = machine.field::<Vec<Nic>>("nics").unwrap_or_default();
    nics.into_iter().find_map(|nic| match nic.source {
        NicSource::Network(network) => {
            let active = world.thing(Kind::Network, &network).is_some_and(|network| network.active);
            (!active).then(|| format!("network `{network}`"))
        }
        NicSource::Bridge(_) => None,
    })
}

fn missing_volume(world: &World, machine: &Thing) -> Option<String> {
    let disks = machine.field::<Vec<Disk>>("disks").unwrap_or_default();
    let cdroms = machine.field::<Vec<Cdrom>>("cdroms").unwrap_or_default();
    let sources = disks.into_iter().map(|disk| disk.source);
    sources.chain(cdroms.into_iter().filter_map(|cdrom| cdrom.source)).find_map(|source| {
        match source {
            DiskSource::Volume(volume)
                if !world.volumes.get(&volume).is_some_and(|volume| volume.complete) =>
            {
                Some(format!("volume `{volume}`"))
            }
            _ => None,
        }
    })
}

/// The network cards of a machine that are plugged into networks.
fn plugged(machine: &Thing) -> Vec<(ObjectName, MacAddress)> {
    let nics = machine.field::<Vec<Nic>>("nics").unwrap_or_default();
    let plugged = nics.into_iter().filter_map(|nic| match nic.source {
        NicSource::Network(network) => Some((network, nic.mac?)),
        NicSource::Bridge(_) => None,
    });
    plugged.collect()
}

/// The static leases that a running machine has taken.
pub(super) fn taken(world: &World, machine: &Thing) -> Vec<(ObjectName, Lease)> {
    let mut taken = Vec::new();
    for (network, mac) in plugged(machine) {
        let leases = world
            .thing(Kind::Network, &network)
            .and_then(|it| it.field::<Vec<StaticLease>>("leases"));
        let lease = leases.into_iter().flatten().find(|lease| lease.mac == mac);
        if let Some(StaticLease { mac, ip, name }) = lease.filter(|_| machine.active) {
            taken.push((network, Lease { mac, ip, hostname: name.map(|name| name.to_string()) }));
        }
    }
    taken
}
