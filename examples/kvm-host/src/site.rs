use harmony_capabilities::virtualization::{
    MachineCensus, NetworkCensus, PoolCensus, SpecError, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VolumeCensus, VolumeScore,
};
use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{Declared, InstallKvm, KvmHost};

use crate::{KvmHostOptions, reach, specs};

/// The whole program: from a host that is only named to one that runs the machine.
///
/// # Errors
/// When an option makes no sense; the error names the field and the rule.
pub fn site(
    options: &KvmHostOptions,
) -> Result<Pipeline<Topology<Declared>, Topology<KvmHost>>, SpecError> {
    Ok(reach(options)
        .advance(InstallKvm::new().acceleration(options.acceleration))
        .run(StoragePoolScore::new(specs::pool()?))
        .run(VirtualNetworkScore::new(specs::network(options)?))
        .run(VolumeScore::new(specs::disk(options)?))
        .run(VirtualMachineScore::new(specs::machine(options)?))
        .census(MachineCensus)
        .census(NetworkCensus)
        .census(VolumeCensus)
        .census(PoolCensus))
}
