use super::{MACHINE, VOLUME, interpret_of, score_of};
use crate::virtualization::{Hypervisor, VmSpec};
use harmony_phases::{Claim, Describe};
use harmony_types::ObjectName;

score_of! {
    /// There is a virtual machine as the spec says, and it runs unless the spec says otherwise.
    ///
    /// It claims its name, the addresses of its network cards, its disks, the volume of its
    /// cloud-init seed, and the file of its serial line.
    VirtualMachineScore of VmSpec on Hypervisor
}

interpret_of! {
    VirtualMachineScore on Hypervisor:
    examine_machine, ensure_machine, examine_machine_removal, remove_machine by name
}

fn name(spec: &VmSpec) -> ObjectName {
    spec.name.clone()
}

impl Describe for VirtualMachineScore {
    fn name(&self) -> String {
        format!("vm {}", self.spec.name)
    }

    fn claims(&self) -> Vec<Claim> {
        let spec = self.spec();
        let macs = spec.nics.iter().filter_map(|nic| nic.mac).map(Claim::mac);
        let disks = spec.disks.iter().map(|disk| Claim::disk(disk.source.to_string()));
        let seed = spec.seed_volume().map(|volume| Claim::object(VOLUME, volume.to_string()));
        let log = spec.serial_log.iter().map(|path| Claim::object("file", path.as_str()));
        std::iter::once(Claim::object(MACHINE, spec.name.as_str()))
            .chain(macs)
            .chain(disks)
            .chain(seed)
            .chain(log)
            .collect()
    }
}
