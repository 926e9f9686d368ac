//! A machine's spec as libvirt's XML.

use harmony_capabilities::virtualization::{
    BootDevice, CpuMode, Disk, DiskBus, Firmware, Machine, Nic, NicModel, NicSource, VmSpec,
    VolumeFormat,
};
use harmony_phases::ownership::Mark;

use super::super::xml::{
    self, Boot, Channel, ChannelTarget, Cpu, Devices, Domain, Driver, Empty, Features, Interface,
    InterfaceSource, Mac, Metadata, Model, Os, OsType, Rng, RngBackend, Serial, SerialSource,
    SerialTarget, Size, Vcpu,
};
use super::sources::{Place, Sources};

/// The name of the channel that the guest's agent listens on.
pub(super) const AGENT: &str = "org.qemu.guest_agent.0";

/// The machine as far as the spec says it, as `kind` of domain.
pub(super) fn wanted(spec: &VmSpec, mark: &Mark, kind: &str, sources: &Sources) -> Domain {
    Domain {
        kind: kind.into(),
        name: spec.name.to_string(),
        uuid: None,
        metadata: Some(Metadata::written(mark)),
        memory: Size::kib(spec.memory.as_kib_ceil()),
        current_memory: Some(Size::kib(spec.memory.as_kib_ceil())),
        vcpu: Vcpu { current: None, count: spec.vcpus },
        os: os(spec),
        features: None,
        cpu: spec.cpu.as_ref().map(cpu),
        devices: Devices {
            disks: disks(spec, sources),
            interfaces: spec.nics.iter().enumerate().map(|nic| interface(spec, nic)).collect(),
            serials: spec.serial_log.iter().map(|path| log(path.as_str())).collect(),
            channels: match spec.guest_agent {
                Some(true) => vec![agent()],
                _ => Vec::new(),
            },
            rngs: Vec::new(),
        },
    }
}

/// The machine as it is first defined: what the spec leaves open gets a sound value.
pub(super) fn fresh(spec: &VmSpec, mark: &Mark, kind: &str, sources: &Sources) -> Domain {
    let mut domain = wanted(spec, mark, kind, sources);
    domain.features = Some(Features { acpi: Some(Empty {}), apic: Some(Empty {}) });
    if kind == "test" {
        return domain;
    }
    domain.os.kind.arch = Some("x86_64".into());
    domain.os.kind.machine.get_or_insert_with(|| "q35".into());
    domain.cpu.get_or_insert_with(|| {
        cpu(if kind == "kvm" { &CpuMode::HostModel } else { &CpuMode::Maximum })
    });
    for interface in &mut domain.devices.interfaces {
        interface.model.get_or_insert_with(|| Model { kind: "virtio".into() });
    }
    if domain.devices.serials.is_empty() {
        domain.devices.serials.push(Serial {
            kind: "pty".into(),
            source: None,
            target: Some(port()),
        });
    }
    if spec.guest_agent.is_none() {
        domain.devices.channels.push(agent());
    }
    domain.devices.rngs.push(Rng {
        model: "virtio".into(),
        backend: Some(RngBackend { model: "random".into(), device: "/dev/urandom".into() }),
    });
    domain
}

fn os(spec: &VmSpec) -> Os {
    Os {
        firmware: match spec.firmware {
            Some(Firmware::Uefi) => Some("efi".into()),
            Some(Firmware::Bios) | None => None,
        },
        kind: OsType {
            arch: None,
            machine: spec.machine.map(|machine| match machine {
                Machine::Pc => "pc".into(),
                Machine::Q35 => "q35".into(),
            }),
            value: "hvm".into(),
        },
        loader: None,
        kernel: spec.kernel.as_ref().map(|boot| boot.kernel.to_string()),
        initrd: spec.kernel.as_ref().and_then(|boot| Some(boot.initrd.as_ref()?.to_string())),
        cmdline: spec
            .kernel
            .as_ref()
            .map(|boot| boot.cmdline.clone())
            .filter(|text| !text.is_empty()),
        boot: Vec::new(),
    }
}

fn cpu(mode: &CpuMode) -> Cpu {
    let named = |mode: &str| Cpu { mode: Some(mode.into()), ..Cpu::default() };
    match mode {
        CpuMode::HostModel => named("host-model"),
        CpuMode::HostPassthrough => named("host-passthrough"),
        CpuMode::Maximum => named("maximum"),
        CpuMode::Named(model) => Cpu {
            mode: Some("custom".into()),
            matching: Some("exact".into()),
            model: Some(model.clone()),
        },
    }
}

/// Disks on virtio are `vda`…; SATA disks, then cdroms, then the seed are `sda`….
fn disks(spec: &VmSpec, sources: &Sources) -> Vec<xml::Disk> {
    let (mut virtio, mut sata) = (0, 0);
    let mut all = Vec::new();
    for (index, (disk, place)) in spec.disks.iter().zip(&sources.disks).enumerate() {
        let (bus, count) = match disk.bus {
            DiskBus::Virtio => ("virtio", &mut virtio),
            DiskBus::Sata => ("sata", &mut sata),
        };
        let boot = order(spec, BootDevice::Disk, index);
        all.push(self::disk(disk, place, bus, count, boot));
    }
    for (index, place) in sources.cdroms.iter().enumerate() {
        all.push(cdrom(place, &mut sata, order(spec, BootDevice::Cdrom, index)));
    }
    all.extend(sources.seed.iter().map(|place| cdrom(place, &mut sata, None)));
    all
}

fn disk(disk: &Disk, place: &Place, bus: &str, count: &mut usize, boot: Option<Boot>) -> xml::Disk {
    xml::Disk {
        kind: "file".into(),
        device: "disk".into(),
        driver: Some(Driver { name: Some("qemu".into()), kind: Some(format(disk)) }),
        source: source(place),
        target: target(bus, count),
        readonly: None,
        boot,
    }
}

/// What the spec says, what the name of a volume says, or raw for a file.
fn format(disk: &Disk) -> String {
    let by_name = || {
        let volume = disk.source.volume()?;
        let raw = [".img", ".raw", ".iso"].iter().any(|end| volume.name.as_str().ends_with(end));
        (!raw).then_some(VolumeFormat::Qcow2)
    };
    disk.format.or_else(by_name).unwrap_or(VolumeFormat::Raw).to_string()
}

fn cdrom(place: &Place, count: &mut usize, boot: Option<Boot>) -> xml::Disk {
    xml::Disk {
        kind: "file".into(),
        device: "cdrom".into(),
        driver: Some(Driver { name: Some("qemu".into()), kind: Some("raw".into()) }),
        source: source(place),
        target: target("sata", count),
        readonly: Some(Empty {}),
        boot,
    }
}

fn source(place: &Place) -> Option<xml::DiskSource> {
    match place {
        Place::At(path) => {
            Some(xml::DiskSource { file: Some(path.clone()), ..xml::DiskSource::default() })
        }
        Place::Empty | Place::NoPool(_) => None,
    }
}

/// The next free name on a bus.
fn target(bus: &str, count: &mut usize) -> xml::DiskTarget {
    let prefix = if bus == "virtio" { "vd" } else { "sd" };
    let dev = [prefix, &letters(*count)].concat();
    *count += 1;
    xml::DiskTarget { dev, bus: Some(bus.into()) }
}

/// 0 is `a`, 25 is `z`, 26 is `aa`, as Linux counts disks.
fn letters(mut index: usize) -> String {
    let mut text = Vec::new();
    loop {
        // invariant: the remainder is below 26, so it fits and stays a letter.
        text.push(b'a' + u8::try_from(index % 26).unwrap_or_default());
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    text.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The place in the boot order of the `index`th device of a kind, from 1.
fn order(spec: &VmSpec, kind: BootDevice, index: usize) -> Option<Boot> {
    let at = spec.boot_order.iter().position(|it| it.kind() == kind && it.index() == index)?;
    Some(Boot { order: u32::try_from(at + 1).ok()? })
}

fn interface(spec: &VmSpec, (index, nic): (usize, &Nic)) -> Interface {
    let (kind, source) = match &nic.source {
        NicSource::Network(network) => {
            ("network", InterfaceSource { network: Some(network.to_string()), bridge: None })
        }
        NicSource::Bridge(bridge) => {
            ("bridge", InterfaceSource { network: None, bridge: Some(bridge.to_string()) })
        }
    };
    Interface {
        kind: kind.into(),
        mac: nic.mac.map(|mac| Mac { address: mac.to_string() }),
        source: Some(source),
        model: nic.model.map(|model| Model {
            kind: match model {
                NicModel::E1000 => "e1000".into(),
                NicModel::E1000e => "e1000e".into(),
                NicModel::Virtio => "virtio".into(),
            },
        }),
        boot: order(spec, BootDevice::Network, index),
    }
}

/// A serial port that is written to a file, begun anew at each start: a line in it then proves
/// that this start came so far, and not the one before.
fn log(path: &str) -> Serial {
    Serial {
        kind: "file".into(),
        source: Some(SerialSource { path: Some(path.into()), append: Some("off".into()) }),
        target: Some(port()),
    }
}

fn port() -> SerialTarget {
    SerialTarget { port: 0 }
}

fn agent() -> Channel {
    let target = ChannelTarget { kind: Some("virtio".into()), name: Some(AGENT.into()) };
    Channel { kind: "unix".into(), target: Some(target) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_are_counted_as_linux_counts_them() {
        let names: Vec<String> = [0, 25, 26, 27, 701, 702].into_iter().map(letters).collect();
        assert_eq!(names, ["a", "z", "aa", "ab", "zz", "aaa"]);
    }
}
