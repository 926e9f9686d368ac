use harmony_capabilities::virtualization::{
    MachineCensus, NetworkCensus, PoolCensus, SpecError, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VolumeCensus, VolumeScore,
};
use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};

use crate::{KvmOkdHa, nodes, specs};

/// The whole program: from a host that is only named to one that runs the cluster's machines.
///
/// # Errors
/// When an option makes no sense; the error names the field and the rule.
pub fn site(
    options: &KvmOkdHa,
) -> Result<Pipeline<Topology<Declared>, Topology<KvmHost>>, SpecError> {
    let nodes = nodes(options.scale);
    let disks = nodes.iter().map(|node| specs::disk(node).map(VolumeScore::new));
    let machine = |node| specs::machine(options, node).map(VirtualMachineScore::new);
    Ok(Pipeline::start()
        .advance(ConnectLocal)
        .advance(ConnectHypervisor::new(&options.uri))
        .run(StoragePoolScore::new(specs::pool(options)?))
        .run(VirtualNetworkScore::new(specs::wan()?))
        .run(VirtualNetworkScore::new(specs::lan(options)?))
        .run_all(disks.collect::<Result<Vec<_>, _>>()?)
        .run_all(nodes.iter().map(machine).collect::<Result<Vec<_>, _>>()?)
        .census(MachineCensus)
        .census(NetworkCensus)
        .census(VolumeCensus)
        .census(PoolCensus))
}
