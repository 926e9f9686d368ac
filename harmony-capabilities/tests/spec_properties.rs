//! Any spec that can be built survives being stored, and nothing that is read makes a parser panic.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

use std::fmt::Debug;

use harmony_capabilities::virtualization::{
    Acceleration, BootDevice, Cdrom, Checksum, CloudInit, CloudUser, CpuMode, Disk, DiskBus,
    Firmware, ImageSource, IsoSpec, KernelBoot, Machine, NetworkBoot, NetworkMode, NetworkSpec,
    NetworkSpecBuilder, Nic, NicModel, PoolSpec, Power, SpecError, VmSpec, VolumeFormat,
    VolumeSpec,
};
use harmony_types::{ByteSize, MacAddress, Sha256Digest};
use proptest::{option, prelude::*, sample::select, string::string_regex};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Stores a spec, reads it again, and tries to read it with a field or version that is not known.
fn survives<S>(built: Result<S, SpecError>)
where
    S: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let Ok(spec) = built.map_err(|error| assert!(error.to_string().len() < 400, "{error}")) else {
        return;
    };
    let stored = serde_json::to_value(&spec).unwrap();
    assert_eq!(serde_json::from_value::<S>(stored.clone()).unwrap(), spec);
    let with = |field: &str, value: Value| {
        let mut other = stored.clone();
        other[field] = value;
        serde_json::from_value::<S>(other).unwrap_err().to_string()
    };
    assert!(with("surprise", json!(1)).contains("unknown field `surprise`"));
    assert!(with("schema", json!(2)).contains("schema version 2 is not known"));
}

/// A name, mostly a good one.
fn name() -> BoxedStrategy<String> {
    let good = string_regex("[a-z][a-z0-9 ._-]{0,20}[a-z0-9]").unwrap();
    prop_oneof![30 => good, 1 => any::<String>()].boxed()
}

/// An address that lies in 10.0.0.0/28 more often than not.
fn address() -> impl Strategy<Value = [u8; 4]> {
    (0..18_u8).prop_map(|last| if last < 16 { [10, 0, 0, last] } else { [10, 0, last, 1] })
}

fn range() -> impl Strategy<Value = String> {
    (0..16, 0..16).prop_map(|(first, last)| format!("10.0.0.{first}-10.0.0.{last}"))
}

fn mode() -> impl Strategy<Value = NetworkMode> {
    let routed = NetworkMode::Routed { dev: Some("eth0".parse().unwrap()) };
    select(vec![NetworkMode::Isolated, NetworkMode::Nat, routed])
}

prop_compose! {
    fn network()(
        name in name(), mode in mode(), gateway in option::of(address()),
        ranges in prop::collection::vec(range(), 0..3),
        leases in prop::collection::vec((0..9_u8, address(), option::of(name())), 0..3),
        dns in prop::collection::vec((address(), name()), 0..2),
        boot in option::of(name()), autostart in any::<Option<bool>>(), adopt in any::<bool>(),
    ) -> Result<NetworkSpec, SpecError> {
        let spec = NetworkSpec::builder().name(name).mode(mode).subnet("10.0.0.0/28");
        let spec = spec.maybe_gateway(gateway).maybe_autostart(autostart).adopt(adopt);
        let spec = spec.maybe_boot(boot.map(NetworkBoot::file)).tftp_root("/srv/tftp");
        let spec = ranges.into_iter().fold(spec, NetworkSpecBuilder::dhcp_range);
        let spec = dns.into_iter().fold(spec, |spec, (ip, name)| spec.dns_host(ip, [name]));
        let leased = |last| MacAddress::qemu([0, 0, last]);
        leases.into_iter().fold(spec, |spec, (mac, ip, name)| match name {
            Some(name) => spec.named_lease(name, leased(mac), ip),
            None => spec.lease(leased(mac), ip),
        })
        .build()
    }
}

fn cpu() -> impl Strategy<Value = CpuMode> {
    let named = name().prop_map(CpuMode::Named);
    prop_oneof![named, select(vec![CpuMode::HostModel, CpuMode::HostPassthrough, CpuMode::Maximum])]
}

fn boot_device() -> impl Strategy<Value = BootDevice> {
    let devices = [BootDevice::Cdrom, BootDevice::Disk, BootDevice::DiskAt(1), BootDevice::Network];
    select(devices.to_vec())
}

fn seed() -> impl Strategy<Value = Result<CloudInit, SpecError>> {
    let seed = (name(), option::of(name()), any::<bool>(), option::of(name()));
    seed.prop_map(|(pool, hostname, sudo, raw)| {
        let user = CloudUser::new("ops").key("ssh-ed25519 AAAA ops");
        let user = if sudo { user.sudo() } else { user };
        let seed = CloudInit::builder().pool(pool).maybe_hostname(hostname);
        match raw {
            Some(raw) => seed.user_data(format!("#cloud-config\n# {raw}")).build(),
            None => seed.user(user).build(),
        }
    })
}

/// Name, processors, memory in MiB, processor model, and power.
fn head() -> impl Strategy<Value = (String, u32, u32, Option<CpuMode>, Power)> {
    let power = select(vec![Power::Running, Power::Defined]);
    (name(), 0..9_u32, 0..9_u32, option::of(cpu()), power)
}

fn disk((name, sata): (String, bool)) -> Result<Disk, SpecError> {
    let bus = if sata { DiskBus::Sata } else { DiskBus::Virtio };
    Disk::volume("images", name).map(|disk| disk.bus(bus))
}

fn cdrom(name: Option<String>) -> Result<Cdrom, SpecError> {
    name.map_or_else(|| Ok(Cdrom::empty()), |name| Cdrom::volume("images", name))
}

fn nic((network, mac): (String, Option<u8>)) -> Result<Nic, SpecError> {
    let nic = Nic::on(network)?.model(NicModel::Virtio);
    Ok(mac.into_iter().fold(nic, |nic, last| nic.mac(MacAddress::qemu([0, 0, last]))))
}

prop_compose! {
    fn machine()(
        (name, vcpus, mib, cpu, power) in head(),
        disks in prop::collection::vec((name(), any::<bool>()), 0..3),
        cdroms in prop::collection::vec(option::of(name()), 0..2),
        nics in prop::collection::vec((name(), option::of(0..4_u8)), 0..3),
        seed in option::of(seed()), kernel in option::of(name()),
        boot_order in prop::collection::vec(boot_device(), 0..3),
    ) -> Result<VmSpec, SpecError> {
        let spec = VmSpec::builder().name(name).vcpus(vcpus).memory(ByteSize::mib(mib));
        let spec = spec.maybe_cpu(cpu).power(power).machine(Machine::Q35).firmware(Firmware::Uefi);
        let spec = spec.acceleration(Acceleration::Tcg).boot_order(boot_order);
        let kernel = kernel.map(|name| KernelBoot::kernel(format!("/boot/{name}")));
        let spec = spec.maybe_kernel(kernel).maybe_cloud_init(seed);
        let spec = disks.into_iter().fold(spec, |spec, it| spec.disk(disk(it)));
        let spec = cdroms.into_iter().fold(spec, |spec, it| spec.cdrom(cdrom(it)));
        nics.into_iter().fold(spec, |spec, it| spec.nic(nic(it))).build()
    }
}

proptest! {
    #[test]
    fn networks_survive(network in network()) {
        survives(network);
    }

    #[test]
    fn machines_survive(machine in machine()) {
        survives(machine);
    }

    #[test]
    fn storage_survives(
        name in name(), pool in name(), digest in any::<[u8; 32]>(), kib in option::of(0..4096_u32),
        raw in any::<bool>(), protect in any::<bool>(),
    ) {
        let image = ImageSource::file(&name, Checksum::Sha256(Sha256Digest::new(digest)));
        survives(PoolSpec::builder().name(&pool).path(format!("/{name}")).protect(protect).build());
        survives(IsoSpec::builder().pool(&pool).name(&name).source(image.clone()).build());
        let format = if raw { VolumeFormat::Raw } else { VolumeFormat::Qcow2 };
        let volume = VolumeSpec::builder().pool(pool).name(name).format(format).source(image);
        survives(volume.maybe_capacity(kib.map(ByteSize::kib)).build());
    }

    #[test]
    fn no_stored_text_panics_a_reader(
        field in select(vec!["name", "vcpus", "memory", "disks", "boot_order", "cpu", "subnet", "dhcp"]),
        value in prop_oneof![
            any::<String>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
            any::<Vec<String>>().prop_map(Value::from), Just(Value::Null), Just(json!({ "a": 1 })),
        ],
    ) {
        let mut stored = json!({ "schema": 1, "name": "web", "vcpus": 1, "memory": "1 GiB" });
        stored[field] = value;
        drop(serde_json::from_value::<VmSpec>(stored.clone()));
        drop(serde_json::from_value::<NetworkSpec>(stored));
    }
}
