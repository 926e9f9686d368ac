//! Specs: what each rule refuses, and that the serialised form is versioned, strict and lossless.
use harmony_capabilities::virtualization::{
    Acceleration, Backing, BootDevice, Cdrom, Checksum, CloudInit, CloudUser, CpuMode, Disk,
    ImageSource, KernelBoot, NetworkBoot, NetworkMode, NetworkSpec, Nic, PoolSpec, SpecError,
    VmSpec, VolumeFormat, VolumeRef, VolumeSpec,
};
use harmony_types::{ByteSize, MacAddress};

type Lan = fn(&str) -> Result<NetworkSpec, SpecError>;

fn says<T>(result: Result<T, SpecError>, field: &str, rule: &str) {
    let Err(error) = result else { panic!("a wrong {field} was accepted") };
    assert_eq!(error.field(), field, "{error}");
    assert!(error.to_string().contains(rule), "{error}");
}

macro_rules! lan {
    ($($call:tt)*) => {
        NetworkSpec::builder().name("lan").subnet("10.0.0.0/24") $($call)* .build()
    };
}

macro_rules! vm {
    ($($call:tt)*) => {
        VmSpec::builder().name("web").vcpus(2).memory(ByteSize::gib(4)) $($call)* .build()
    };
}

macro_rules! volume {
    ($($call:tt)*) => {
        VolumeSpec::builder().pool("images").name("web.qcow2") $($call)* .build()
    };
}

fn mac(last: u8) -> MacAddress {
    MacAddress::qemu([0, 0, last])
}

#[test]
fn a_network_refuses_addresses_that_cannot_work_together() {
    says(
        lan!(.gateway([10, 0, 1, 1])),
        "gateway",
        "10.0.1.1 is not an address for a host of 10.0.0.0/24",
    );
    says(lan!(.gateway([10, 0, 0, 255])), "gateway", "not an address for a host");
    says(lan!(.dhcp_range("10.0.0.9-10.0.0.2")), "dhcp", "backwards");
    says(lan!(.dhcp_range("10.0.0.9-10.0.1.2")), "dhcp", "10.0.1.2 is not an address");
    says(
        lan!(.dhcp_range("10.0.0.9-10.0.0.20").dhcp_range("10.0.0.20-10.0.0.30")),
        "dhcp",
        "overlaps",
    );
    says(lan!(.dhcp_range("10.0.0.1-10.0.0.20")), "dhcp", "overlaps the gateway 10.0.0.1");
    says(lan!(.lease(mac(1), [10, 9, 9, 9])), "leases.ip", "10.9.9.9 is not an address");
    says(lan!(.lease(mac(1), [10, 0, 0, 1])), "leases.ip", "the gateway's address");
    says(lan!(.lease(mac(1), [10, 0, 0, 2]).lease(mac(1), [10, 0, 0, 3])), "leases.mac", "twice");
    says(
        lan!(.lease(mac(1), [10, 0, 0, 2]).lease(mac(2), [10, 0, 0, 2])),
        "leases.ip",
        "10.0.0.2 stands there twice",
    );
    says(lan!(.lease("01:00:00:00:00:00", [10, 0, 0, 2])), "leases.mac", "multicast");
    says(lan!(.dns_host([10, 0, 0, 2], [] as [&str; 0])), "dns.names", "at least one name");
    says(
        NetworkSpec::builder().name("lan").subnet("10.0.0.7/24").build(),
        "subnet",
        "beyond its prefix",
    );
    says(NetworkSpec::builder().name("lan").subnet("10.0.0.0/31").build(), "subnet", "no room");
    says(NetworkSpec::builder().name("lan").subnet("10.0.0.0").build(), "subnet", "prefix length");
}

#[test]
fn a_network_refuses_fields_that_mean_nothing_together() {
    says(
        NetworkSpec::builder().name("lan").dhcp_range("10.0.0.2-10.0.0.3").build(),
        "dhcp",
        "needs subnet",
    );
    let bridged = NetworkMode::HostBridge { bridge: "br0".parse().unwrap() };
    says(lan!(.mode(bridged)), "subnet", "cannot be together with mode host-bridge");
    says(lan!(.boot(NetworkBoot::file("pxelinux.0"))), "boot", "needs dhcp or leases");
    let range = "10.0.0.2-10.0.0.3";
    says(lan!(.dhcp_range(range).boot(NetworkBoot::file("pxelinux.0"))), "boot", "needs tftp_root");
    says(lan!(.dhcp_range(range).boot(NetworkBoot::file("a\nb"))), "boot.file", "printable");
    says(lan!(.tftp_root("/srv/\"")), "tftp_root", "no room");
    lan!(.dhcp_range(range).boot(NetworkBoot::file("http://10.0.0.1/boot.ipxe"))).unwrap();
    lan!(.dhcp_range(range).boot(NetworkBoot::file("x").from_server([10, 0, 0, 3]))).unwrap();
    NetworkSpec::builder().name("switch").build().unwrap();
}

#[test]
fn names_are_refused_in_every_spec() {
    let lan: Lan = |name| NetworkSpec::builder().name(name).build();
    for (name, rule) in
        [("a<b", "'<'"), ("a&b", "'&'"), ("a'b", "'\\''"), ("a\"b", "'\"'"), ("a\0b", "'\\0'")]
    {
        says(lan(name), "name", rule);
        says(VmSpec::builder().name(name).vcpus(1).memory(ByteSize::gib(1)).build(), "name", rule);
        says(PoolSpec::builder().name(name).path("/srv").build(), "name", rule);
        says(
            VolumeSpec::builder().pool("p").name(name).capacity(ByteSize::gib(1)).build(),
            "name",
            rule,
        );
    }
    says(lan(&"x".repeat(300)), "name", "300 bytes long, at most 200");
    says(PoolSpec::builder().name("p").path("images").build(), "path", "absolute");
}

#[test]
fn a_machine_refuses_sizes_and_devices_that_cannot_be() {
    says(
        VmSpec::builder().name("web").vcpus(0).memory(ByteSize::gib(1)).build(),
        "vcpus",
        "1 to 4096",
    );
    says(
        VmSpec::builder().name("web").vcpus(1).memory(ByteSize::kib(1)).build(),
        "memory",
        "at least 1 MiB",
    );
    says(
        VmSpec::builder().name("web").vcpus(1).memory("1.5 MiB").build(),
        "memory",
        "whole number of MiB",
    );
    says(
        vm!(.nic(Nic::on("lan").unwrap().mac(mac(1))).nic(Nic::on("wan").unwrap().mac(mac(1)))),
        "nics.mac",
        "twice",
    );
    says(
        vm!(.disk(Disk::volume("p", "a")).disk(Disk::volume("p", "a"))),
        "disks",
        "p/a stands there twice",
    );
    says(
        vm!(.disk(Disk::volume("p", "a")).cdrom(Cdrom::volume("p", "a"))),
        "cdroms",
        "p/a stands there twice",
    );
    says(vm!(.disk(Disk::volume("p", "a/b"))), "volume.name", "'/' at position 2");
    says(vm!(.network("a&b")), "network card.source", "'&'");
    says(vm!(.boot_order([BootDevice::Disk])), "boot_order", "more disks");
    says(vm!(.network("lan").boot_order([BootDevice::NetworkAt(1)])), "boot_order", "more nics");
    let twice = [BootDevice::Cdrom, BootDevice::CdromAt(0)];
    says(vm!(.cdrom(Cdrom::empty()).boot_order(twice)), "boot_order", "cdrom stands there twice");
    says(
        vm!(.cpu(CpuMode::HostPassthrough).acceleration(Acceleration::Tcg)),
        "cpu",
        "acceleration tcg",
    );
    says(vm!(.cpu(CpuMode::Named("a,b".to_owned()))), "cpu", "model's name");
    let kernel = KernelBoot::kernel("/boot/vmlinuz");
    says(
        vm!(.kernel(kernel.clone()).network("lan").boot_order([BootDevice::Network])),
        "boot_order",
        "kernel",
    );
    says(vm!(.kernel(kernel.unwrap().cmdline("a\nb"))), "kernel.cmdline", "one line");
}

#[test]
fn a_seed_is_either_structured_or_whole() {
    let seed = || CloudInit::builder().pool("images").user(CloudUser::new("ops"));
    says(seed().user_data("#cloud-config\n").build(), "user_data", "cannot be together with users");
    says(CloudInit::builder().pool("images").user_data("hello").build(), "user_data", "first line");
    says(seed().user(CloudUser::new("ops")).build(), "users.name", "ops stands there twice");
    says(seed().user(CloudUser::new("Root")).build(), "users.name", "lower-case");
    says(seed().user(CloudUser::new("a").key("ssh-rsa")).build(), "users.keys", "one line");
    says(vm!(.cloud_init(CloudInit::builder().pool("a&b").build())), "cloud_init.pool", "'&'");
    let spec = vm!(.cloud_init(seed().build())).unwrap();
    let volume = spec.seed_volume().unwrap();
    assert!(volume.to_string().starts_with("images/web-seed-"), "{volume}");
    let other = vm!(.cloud_init(seed().hostname("www").build())).unwrap();
    assert_ne!(other.seed_volume(), Some(volume), "another description is another seed");
}

#[test]
fn a_volume_refuses_what_loses_or_lacks_data() {
    says(volume!(), "capacity", "no size of its own");
    says(
        volume!(.capacity(ByteSize::kib(1023))),
        "capacity",
        "1023 KiB is too small: at least 1 MiB",
    );
    says(volume!(.capacity(ByteSize::bytes(1 << 20 | 1))), "capacity", "multiple of 512");
    let backing = |text: &str| Backing {
        source: text.parse::<VolumeRef>().unwrap().into(),
        format: VolumeFormat::Raw,
    };
    says(volume!(.backing(backing("images/web.qcow2"))), "backing", "itself");
    says(
        volume!(.format(VolumeFormat::Raw).backing(backing("images/base"))),
        "backing",
        "every byte itself",
    );
    let image = ImageSource::file("x.img", Checksum::Unverified);
    says(volume!(.backing(backing("images/base")).source(image)), "backing", "overwrite");
    says(volume!(.source(ImageSource::file("", Checksum::Unverified))), "source.location", "empty");
    says(
        ImageSource::url("https://u:p@example.org/", Checksum::Unverified),
        "location",
        "password",
    );
    says(
        ImageSource::url("file:///etc/passwd", Checksum::Unverified),
        "location",
        "only http and https",
    );
    says(ImageSource::url("nonsense", Checksum::Unverified), "location", "an http or https URL");
    says(Checksum::sha256("abc"), "checksum", "64 hexadecimal digits");
    volume!(.backing(backing("images/base"))).unwrap();
}

#[test]
fn the_serialised_form_is_versioned_and_strict() {
    let refusal = |json: &str| serde_json::from_str::<NetworkSpec>(json).unwrap_err().to_string();
    assert!(refusal(r#"{"name":"lan"}"#).contains("the field `schema` is missing"));
    let newer = refusal(r#"{"schema":2,"name":"lan","fancy":true}"#);
    assert!(
        newer.contains("schema version 2 is not known; this program reads version 1"),
        "{newer}"
    );
    let unknown = refusal(r#"{"schema":1,"name":"lan","fancy":true}"#);
    assert!(unknown.contains("unknown field `fancy`"), "{unknown}");
    let nested = refusal(r#"{"schema":1,"name":"lan","mode":{"routed":{"via":"eth0"}}}"#);
    assert!(nested.contains("unknown field `via`"), "{nested}");
    let broken =
        refusal(r#"{"schema":1,"name":"lan","subnet":"10.0.0.0/24","gateway":"10.1.0.1"}"#);
    assert!(broken.contains("network `lan`: gateway: 10.1.0.1 is not an address"), "{broken}");
    let name = refusal(r#"{"schema":1,"name":"a<b"}"#);
    assert!(name.contains("'<' at position 2"), "{name}");
    let vm = r#"{"schema":1,"name":"web","vcpus":0,"memory":"1 GiB"}"#;
    assert!(serde_json::from_str::<VmSpec>(vm).unwrap_err().to_string().contains("vcpus"));
}

#[test]
fn a_spec_is_written_with_what_was_set_and_no_more() {
    let spec = vm!(.disk(Disk::volume("images", "web.qcow2")).boot_order([BootDevice::Disk]).protect(true)).unwrap();
    let written = serde_json::to_value(&spec).unwrap();
    let expected = serde_json::json!({
        "schema": 1, "name": "web", "vcpus": 2, "memory": "4 GiB", "acceleration": "auto",
        "disks": [{ "source": { "volume": "images/web.qcow2" }, "bus": "virtio" }],
        "boot_order": ["disk"], "power": "running", "custody": { "protect": true },
    });
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<VmSpec>(written).unwrap(), spec);
}
