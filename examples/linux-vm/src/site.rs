use harmony_capabilities::virtualization::{
    IsoImageScore, MachineCensus, NetworkCensus, PoolCensus, SpecError, StoragePoolScore,
    VirtualMachineScore, VirtualNetworkScore, VolumeCensus, VolumeScore,
};
use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};

use crate::{LinuxVm, specs};

/// The whole program: from a host that is only named to one that runs the machine.
///
/// # Errors
/// When an option makes no sense; the error names the field and the rule.
pub fn site(
    options: &LinuxVm,
) -> Result<Pipeline<Topology<Declared>, Topology<KvmHost>>, SpecError> {
    let host = Pipeline::start()
        .advance(ConnectLocal)
        .advance(ConnectHypervisor::new(&options.uri))
        .run(StoragePoolScore::new(specs::pool(options)?))
        .run(VirtualNetworkScore::new(specs::network(options)?));
    let installer = specs::installer(options)?.map(IsoImageScore::new);
    let host = host.run_all(installer);
    Ok(host
        .run(VolumeScore::new(specs::disk(options)?))
        .run(VirtualMachineScore::new(specs::machine(options)?))
        .census(MachineCensus)
        .census(NetworkCensus)
        .census(VolumeCensus)
        .census(PoolCensus))
}
