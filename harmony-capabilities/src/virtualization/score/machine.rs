use super::{MACHINE, Outline, VOLUME, interpret_of, score_of, value};
use crate::virtualization::{DiskSource, Hypervisor, NicSource, VmSpec};
use harmony_phases::{Claim, Describe, Interpret, Score};
use harmony_types::ObjectName;
use serde_json::Value;

score_of! {
    /// There is a virtual machine as the spec says, and it runs unless the spec says otherwise.
    ///
    /// It claims its name, the addresses of its network cards, its disks, the volume of its
    /// cloud-init seed, and the file of its serial line.
    VirtualMachineScore of VmSpec
}

impl<T: Hypervisor> Score<T> for VirtualMachineScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

interpret_of! {
    VirtualMachineScore on Hypervisor:
    examine_machine, ensure_machine, examine_machine_removal, remove_machine by name
}

fn name(spec: &VmSpec) -> ObjectName {
    spec.name.clone()
}

fn outline(spec: &VmSpec) -> Outline {
    let disks = spec.disks.iter().map(|disk| format!("disk {}", disk.source));
    let cdroms = spec.cdroms.iter().filter_map(|cdrom| cdrom.source.as_ref());
    let nics = spec.nics.iter().map(|nic| match nic.mac {
        Some(mac) => format!("{mac} on {}", nic.source),
        None => format!("a card on {}", nic.source),
    });
    Outline::default()
        .fact(format!("{} vCPU, {} of memory", spec.vcpus, spec.memory))
        .facts(disks.chain(cdroms.map(|source| format!("cdrom {source}"))).chain(nics))
        .needs(needs(spec))
}

/// What has to be there when the machine starts.
fn needs(spec: &VmSpec) -> impl Iterator<Item = String> {
    let disks = spec.disks.iter().map(|disk| &disk.source);
    let sources = disks.chain(spec.cdroms.iter().filter_map(|cdrom| cdrom.source.as_ref()));
    let sources = sources.map(|source| match source {
        DiskSource::File(path) => format!("file `{path}` is there"),
        DiskSource::Volume(volume) => format!("volume `{volume}` is complete"),
    });
    let networks = spec.nics.iter().map(|nic| match &nic.source {
        NicSource::Bridge(bridge) => format!("the host has the bridge `{bridge}`"),
        NicSource::Network(network) => format!("network `{network}` is up"),
    });
    sources.chain(networks)
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
