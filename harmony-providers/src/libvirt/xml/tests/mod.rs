use harmony_phases::ownership::Mark;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::tree::{Element, Merge};
use super::*;

/// Texts an XML document can hold unchanged: no control characters, no blanks at the ends.
fn text() -> impl Strategy<Value = String> {
    "[!-~äß漢][ -~äß漢]{0,18}[!-~äß漢]"
}

fn size() -> impl Strategy<Value = Size> {
    (option::of("KiB|MiB|bytes"), any::<u64>()).prop_map(|(unit, value)| Size { unit, value })
}

fn metadata() -> impl Strategy<Value = Metadata> {
    ("[a-z][a-z0-9]{0,8}", text(), any::<u32>(), any::<bool>()).prop_map(
        |(site, score, schema, protect)| {
            let mark = Mark::new(site.parse().unwrap(), score).schema(schema).protect(protect);
            Metadata::written(&mark)
        },
    )
}

fn disk() -> impl Strategy<Value = Disk> {
    (text(), text(), option::of(text()), option::of(1..9u32), any::<bool>()).prop_map(
        |(device, dev, file, order, readonly)| Disk {
            kind: "file".into(),
            device,
            driver: Some(Driver { name: Some("qemu".into()), kind: Some("qcow2".into()) }),
            source: file.map(|file| DiskSource { file: Some(file), ..DiskSource::default() }),
            target: DiskTarget { dev, bus: Some("virtio".into()) },
            readonly: readonly.then_some(Empty {}),
            boot: order.map(|order| Boot { order }),
        },
    )
}

fn interface() -> impl Strategy<Value = Interface> {
    (text(), option::of(text()), text()).prop_map(|(kind, mac, network)| Interface {
        kind,
        mac: mac.map(|address| Mac { address }),
        source: Some(InterfaceSource { network: Some(network), bridge: None }),
        model: Some(Model { kind: "virtio".into() }),
        boot: None,
    })
}

prop_compose! {
    fn domain()(
        name in text(), metadata in option::of(metadata()), memory in size(), count in any::<u32>(),
        kernel in option::of(text()), cmdline in option::of(text()), machine in option::of(text()),
        disks in vec(disk(), 0..3), interfaces in vec(interface(), 0..3), log in option::of(text()),
    ) -> Domain {
        Domain {
            kind: "qemu".into(),
            name,
            metadata,
            memory,
            vcpu: Vcpu { current: None, count },
            os: Os {
                kind: OsType { machine, value: "hvm".into(), ..OsType::default() },
                kernel,
                cmdline,
                ..Os::default()
            },
            cpu: Some(Cpu { mode: Some("host-model".into()), ..Cpu::default() }),
            devices: Devices {
                disks,
                interfaces,
                serials: log.into_iter().map(|path| Serial {
                    kind: "file".into(),
                    source: Some(SerialSource { path: Some(path), append: Some("on".into()) }),
                    target: Some(SerialTarget { port: 0 }),
                }).collect(),
                ..Devices::default()
            },
            ..Domain::default()
        }
    }
}

prop_compose! {
    fn network()(
        name in text(), metadata in option::of(metadata()), mode in option::of(text()),
        names in vec(text(), 0..3), root in option::of(text()), hosts in vec(text(), 0..3),
    ) -> Network {
        Network {
            name,
            metadata,
            forward: mode.map(|mode| Forward { mode: Some(mode), dev: None }),
            dns: Some(Dns { hosts: vec![DnsHost { ip: "10.0.0.1".into(), names }] }),
            ips: vec![Ip {
                address: "10.0.0.1".into(),
                prefix: Some(24),
                tftp: root.map(|root| Tftp { root }),
                dhcp: Some(Dhcp {
                    hosts: hosts.into_iter().map(|name| DhcpHost {
                        mac: Some("52:54:00:00:00:01".into()),
                        name: Some(name),
                        ip: "10.0.0.9".into(),
                    }).collect(),
                    ..Dhcp::default()
                }),
                ..Ip::default()
            }],
            ..Network::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn domains_survive_a_round_trip(domain in domain()) {
        let text = write("domain", &domain).unwrap();
        prop_assert_eq!(read::<Domain>("domain", &text).unwrap(), domain);
    }

    #[test]
    fn networks_survive_a_round_trip(network in network()) {
        let text = write("network", &network).unwrap();
        prop_assert_eq!(read::<Network>("network", &text).unwrap(), network);
    }

    #[test]
    fn volumes_survive_a_round_trip(name in text(), capacity in size(), path in option::of(text())) {
        let format = Format { kind: "qcow2".into() };
        let volume = Volume {
            name,
            capacity,
            backing: path.map(|path| Backing { path: Some(path), format: Some(format.clone()) }),
            target: Some(VolumeTarget { format: Some(format), ..VolumeTarget::default() }),
            ..Volume::default()
        };
        let text = write("volume", &volume).unwrap();
        prop_assert_eq!(read::<Volume>("volume", &text).unwrap(), volume);
    }

    #[test]
    fn the_tree_writes_what_it_read(domain in domain()) {
        let text = write("domain", &domain).unwrap();
        let tree = Element::parse(&text).unwrap();
        let again = tree.write().unwrap();
        prop_assert_eq!(Element::parse(&again).unwrap(), tree);
        prop_assert_eq!(read::<Domain>("domain", &again).unwrap(), domain);
    }

    #[test]
    fn laying_a_model_over_itself_changes_nothing(mut domain in domain()) {
        domain.devices.disks.truncate(1);
        domain.devices.interfaces.truncate(1);
        let mut tree = Element::parse(&write("domain", &domain).unwrap()).unwrap();
        let before = tree.clone();
        tree.overlay(&before, |_, _| Merge::Keep);
        prop_assert_eq!(tree, before);
    }

    #[test]
    fn garbage_is_an_error_and_not_a_panic(text in ".{0,80}") {
        let _ = Element::parse(&text);
        let _ = read::<Domain>("domain", &text);
        let _ = read::<Network>("network", &text);
    }
}

#[test]
fn unknown_elements_and_interleaved_lists_are_read_past() {
    let text = "<domain type='kvm' id='3'><name>web</name><memory unit='KiB'>1024</memory>\
        <vcpu placement='static'>2</vcpu><novelty a='b'><inner/></novelty>\
        <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>\
        <devices><disk type='file' device='disk'><target dev='vda'/></disk>\
        <controller type='usb'/><interface type='network'><mac address='52:54:00:00:00:01'/>\
        <source network='lan' portid='x'/></interface>\
        <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>\
        </devices></domain>";
    let domain: Domain = read("domain", text).unwrap();
    assert_eq!(domain.devices.disks.len(), 2);
    assert_eq!(domain.vcpu.count, 2);
    assert_eq!(domain.os.boot[0].dev, "hd");
    assert!(domain.devices.disks[1].readonly.is_some());
}

#[test]
fn only_a_mark_of_our_namespace_is_ours() {
    let text = |namespace: &str| {
        format!(
            "<metadata><libosinfo:libosinfo xmlns:libosinfo='http://x'/>\
             <harmony:mark xmlns:harmony='{namespace}' site='lab' score='vm web' schema='1'/></metadata>"
        )
    };
    let ours: Metadata = read("metadata", &text(MARK_NAMESPACE)).unwrap();
    assert_eq!(ours.mark().unwrap().site.as_str(), "lab");
    let theirs: Metadata = read("metadata", &text("http://elsewhere")).unwrap();
    assert_eq!(theirs.mark(), None);
}

#[test]
fn an_overlay_keeps_what_it_does_not_name_and_owns_its_lists() {
    let mut tree = Element::parse(
        "<d><cpu mode='custom'><model>Haswell</model></cpu><x note='keep'/><devices>\
         <disk a='1'><target dev='vda'/><address slot='7'/></disk>\
         <disk><target dev='vdb'/></disk><controller type='usb'/></devices></d>",
    )
    .unwrap();
    let wanted = Element::parse(
        "<d><cpu mode='host-model'/><devices><disk a='2'><target dev='vda'/></disk>\
         <disk><target dev='vdc'/></disk></devices></d>",
    )
    .unwrap();
    tree.overlay(&wanted, |parent, name| match (parent, name) {
        ("devices", "disk") => Merge::List("target", "dev"),
        (_, "cpu") => Merge::Replace,
        _ => Merge::Keep,
    });
    assert_eq!(
        tree.write().unwrap(),
        "<d><cpu mode=\"host-model\"/><x note=\"keep\"/><devices>\
         <disk a=\"2\"><target dev=\"vda\"/><address slot=\"7\"/></disk>\
         <controller type=\"usb\"/><disk><target dev=\"vdc\"/></disk></devices></d>"
    );
}
