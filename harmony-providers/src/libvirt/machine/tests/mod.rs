use harmony_capabilities::virtualization::{
    BootDevice, Cdrom, Disk, Firmware, KernelBoot, Machine, Nic, VmFields, VmSpec,
};
use harmony_phases::ownership::Mark;
use harmony_phases::score::{ChangeEffect, Detail, Status};
use harmony_types::{ByteSize, MacAddress};

use super::super::xml::{self, Domain};
use super::build::{fresh, wanted};
use super::drift::compare;
use super::sources::{Place, Sources};
use super::update::{rebuilt, updated};

/// What libvirt 9 made of a definition, shortened.
const DEFINED: &str = "<domain type='qemu'><name>web</name><uuid>1758c599-f1fc-481b-8bf3-602f516d2558</uuid>\
    <memory unit='KiB'>4194304</memory><currentMemory unit='KiB'>4194304</currentMemory>\
    <vcpu placement='static' current='1'>2</vcpu>\
    <os firmware='efi'><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>\
    <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>\
    <nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram></os>\
    <features><acpi/><apic/></features><cpu mode='custom' match='exact' check='none'>\
    <model fallback='forbid'>EPYC</model><feature policy='require' name='x'/></cpu>\
    <clock offset='utc'/><devices><emulator>/usr/bin/qemu-system-x86_64</emulator>\
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/images/web.qcow2'/>\
    <target dev='vda' bus='virtio'/><boot order='2'/><address type='pci' slot='0x04'/></disk>\
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/images/old.qcow2'/>\
    <target dev='vdb' bus='virtio'/></disk>\
    <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='/isos/debian.iso'/>\
    <target dev='sda' bus='sata'/><readonly/><boot order='1'/></disk>\
    <controller type='usb' index='0' model='qemu-xhci'/>\
    <interface type='network'><mac address='52:54:00:AA:BB:CC'/><source network='lan'/>\
    <model type='virtio'/><address type='pci' slot='0x01'/></interface>\
    <serial type='pty'><target type='isa-serial' port='0'><model name='isa-serial'/></target></serial>\
    <console type='pty'><target type='serial' port='0'/></console>\
    <memballoon model='virtio'/></devices></domain>";

fn found() -> Domain {
    xml::read("a domain", DEFINED).unwrap()
}

/// The spec of what is there, with some fields changed.
fn spec(change: impl FnOnce(&mut VmFields)) -> VmSpec {
    let spec = VmSpec::builder()
        .name("web")
        .vcpus(2)
        .memory(ByteSize::gib(4))
        .machine(Machine::Q35)
        .firmware(Firmware::Uefi)
        .disk(Disk::volume("images", "web.qcow2"))
        .cdrom(Cdrom::file("/isos/debian.iso"))
        .network("lan")
        .boot_order([BootDevice::Cdrom, BootDevice::Disk])
        .build()
        .unwrap();
    let mut fields = spec.into_fields();
    change(&mut fields);
    VmSpec::try_from(fields).unwrap()
}

fn sources(spec: &VmSpec) -> Sources {
    Sources {
        disks: spec.disks.iter().map(|_| Place::At("/images/web.qcow2".into())).collect(),
        cdroms: spec
            .cdroms
            .iter()
            .map(|cdrom| match &cdrom.source {
                Some(source) => Place::At(source.to_string()),
                None => Place::Empty,
            })
            .collect(),
        seed: None,
    }
}

fn model(spec: &VmSpec) -> Domain {
    wanted(spec, &Mark::new("lab".parse().unwrap(), "vm web"), "qemu", &sources(spec))
}

fn differing(found: &Domain, spec: &VmSpec) -> Vec<String> {
    let report = compare(found, &model(spec), ChangeEffect::AfterRestart).into_report();
    let fields = report.details.into_iter().map(|detail| match detail {
        Detail::Change { field, .. } => field,
        Detail::Note(note) => note,
    });
    fields.collect()
}

/// The definition after an update, and whether nothing differs any more.
fn after(spec: &VmSpec) -> String {
    let text = updated(DEFINED, &found(), model(spec), spec).unwrap();
    let again: Domain = xml::read("a domain", &text).unwrap();
    let left = compare(&again, &model(spec), ChangeEffect::Live).into_report();
    assert_eq!(left.status, Status::AlreadyApplied, "{:?}\n{text}", left.details);
    text
}

#[test]
fn only_what_was_set_differs_and_equal_spellings_are_equal() {
    assert_eq!(differing(&found(), &spec(|_| {})), ["vcpus", "vdb"], "one CPU is unplugged");
    let open = spec(|fields| {
        fields.machine = None;
        fields.disks.clear();
        fields.cdroms.clear();
        fields.nics.clear();
        fields.boot_order.clear();
    });
    assert_eq!(differing(&found(), &open), ["vcpus"]);
    let mac = spec(|fields| fields.nics[0].mac = Some("52:54:00:aa:bb:cc".parse().unwrap()));
    assert_eq!(differing(&found(), &mac), ["vcpus", "vdb"]);
}

#[test]
fn every_kind_of_change_is_named() {
    let other = spec(|fields| {
        fields.vcpus = 4;
        fields.memory = ByteSize::gib(8);
        fields.machine = Some(Machine::Pc);
        fields.cpu = Some(harmony_capabilities::virtualization::CpuMode::HostModel);
        fields.cdroms = vec![Cdrom::empty()];
        fields.nics =
            vec![Nic::on("wan").unwrap().mac(MacAddress::qemu([0, 0, 1])), Nic::on("lan").unwrap()];
        fields.boot_order = vec![BootDevice::Disk, BootDevice::Network];
        fields.serial_log = Some("/var/log/web".parse().unwrap());
        fields.guest_agent = Some(true);
    });
    assert_eq!(
        differing(&found(), &other),
        [
            "memory",
            "vcpus",
            "machine",
            "cpu",
            "sda.source",
            "vdb",
            "nics[0].mac",
            "nics[0].source",
            "nics[1]",
            "boot_order",
            "serial_log",
            "guest_agent"
        ]
    );
}

#[test]
fn an_update_keeps_identity_firmware_slots_and_strangers() {
    let text = after(&spec(|fields| fields.memory = ByteSize::gib(8)));
    for kept in [
        "1758c599-f1fc-481b-8bf3-602f516d2558",
        "web_VARS.fd",
        "slot=\"0x04\"",
        "slot=\"0x01\"",
        "memballoon",
        "qemu-xhci",
        "52:54:00:AA:BB:CC",
        "pc-q35-7.2",
        "placement=\"static\"",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    assert!(!text.contains("old.qcow2") && !text.contains("current=\""), "{text}");
    assert_eq!(text.matches("8388608").count(), 2, "memory and what of it is plugged in");
    assert_eq!(text.matches("<interface").count(), 1, "the card without a wanted MAC is the same");
}

#[test]
fn what_shall_not_be_there_goes() {
    let text = after(&spec(|fields| {
        fields.cdroms = vec![Cdrom::empty()];
        fields.serial_log = Some("/var/log/web".parse().unwrap());
        fields.boot_order = vec![BootDevice::Disk];
        fields.cpu = Some(harmony_capabilities::virtualization::CpuMode::Maximum);
    }));
    assert!(!text.contains("debian.iso") && !text.contains("<console"), "{text}");
    assert!(!text.contains("EPYC"), "{text}");
    assert_eq!(text.matches("<boot order").count(), 1, "{text}");
}

#[test]
fn a_kernel_comes_and_goes_with_what_boots_instead() {
    let kernel = spec(|fields| {
        fields.boot_order.clear();
        let boot = KernelBoot::kernel("/boot/vmlinuz").unwrap().initrd("/boot/initrd").unwrap();
        fields.kernel = Some(boot.cmdline("console=ttyS0 a<b&c"));
    });
    assert!(differing(&found(), &kernel).contains(&"kernel.cmdline".to_owned()));
    let text = after(&kernel);
    assert!(text.contains("a&lt;b&amp;c"), "{text}");
    let with_kernel: Domain = xml::read("a domain", &text).unwrap();
    let disk = spec(|_| {});
    assert!(differing(&with_kernel, &disk).contains(&"kernel".to_owned()));
    let back = updated(&text, &with_kernel, model(&disk), &disk).unwrap();
    assert!(!back.contains("vmlinuz"), "{back}");
}

#[test]
fn another_board_is_the_same_machine_in_new_slots() {
    let spec = spec(|fields| fields.machine = Some(Machine::Pc));
    let mark = Mark::new("lab".parse().unwrap(), "vm web");
    let text = rebuilt(&found(), fresh(&spec, &mark, "qemu", &sources(&spec))).unwrap();
    assert!(text.contains("1758c599") && text.contains("52:54:00:AA:BB:CC"), "{text}");
    assert!(!text.contains("<address"), "{text}");
}
