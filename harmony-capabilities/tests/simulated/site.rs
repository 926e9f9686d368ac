//! A small site on a simulated hypervisor, and the pipeline that builds it.
use harmony_capabilities::{
    fakes::SimulatedHypervisor,
    virtualization::{
        Cdrom, Checksum, Disk, ImageLocation, ImageSource, IsoImageScore, IsoSpec, MachineCensus,
        NetworkCensus, NetworkMode, NetworkSpec, Nic, PoolCensus, PoolSpec, StoragePoolScore,
        VirtualMachineScore, VirtualNetworkScore, VmSpec, VolumeCensus, VolumeScore, VolumeSpec,
    },
};
use harmony_phases::{Context, Pipeline, Topology, phases};
use harmony_types::{ByteSize, MacAddress, Sha256Digest};

pub(crate) const DIGEST: Sha256Digest = Sha256Digest::new([7; 32]);
pub(crate) const ISO: &str = "/isos/debian.iso";
pub(crate) const WEB: MacAddress = MacAddress::qemu([0, 0, 10]);

#[phases(any = AnyHost)]
pub mod host {
    use harmony_capabilities::{
        fakes::SimulatedHypervisor,
        virtualization::{Hypervisor, StoragePools, VirtualNetworks},
    };
    use harmony_phases::Topology;

    /// A host that runs machines.
    #[resting]
    pub struct Host {
        #[grants(Hypervisor, StoragePools, VirtualNetworks)]
        hypervisor: SimulatedHypervisor,
    }

    /// The host as a topology.
    pub(crate) fn on(hypervisor: &SimulatedHypervisor) -> Topology<Host> {
        Topology::new("host", Host { hypervisor: hypervisor.clone() })
    }
}

pub(crate) use host::{Host, on};

pub(crate) type Site = Pipeline<Topology<Host>, Topology<Host>>;

pub(crate) fn hypervisor() -> SimulatedHypervisor {
    let hypervisor = SimulatedHypervisor::new();
    hypervisor.provide_image(ImageLocation::File(ISO.into()), ByteSize::mib(600), DIGEST);
    hypervisor
}

pub(crate) fn ctx() -> Context {
    Context::for_site("lab".parse().unwrap())
}

pub(crate) fn network() -> VirtualNetworkScore {
    let network = NetworkSpec::builder()
        .name("lan")
        .mode(NetworkMode::Nat)
        .subnet("192.168.101.0/24")
        .dhcp_range("192.168.101.100-192.168.101.200")
        .named_lease("web", WEB, [192, 168, 101, 10])
        .build();
    network.unwrap().into()
}

pub(crate) fn pool() -> StoragePoolScore {
    PoolSpec::builder().name("images").path("/var/lib/images").build().unwrap().into()
}

pub(crate) fn iso() -> IsoImageScore {
    let source = ImageSource::file(ISO, Checksum::Sha256(DIGEST));
    IsoSpec::builder().pool("images").name("debian.iso").source(source).build().unwrap().into()
}

pub(crate) fn volume(capacity: ByteSize) -> VolumeScore {
    VolumeSpec::builder()
        .pool("images")
        .name("web.qcow2")
        .capacity(capacity)
        .build()
        .unwrap()
        .into()
}

pub(crate) fn machine(memory: ByteSize) -> VirtualMachineScore {
    let machine = VmSpec::builder()
        .name("web")
        .vcpus(2)
        .memory(memory)
        .disk(Disk::volume("images", "web.qcow2"))
        .cdrom(Cdrom::volume("images", "debian.iso"))
        .nic(Nic::on("lan").unwrap().mac(WEB))
        .build();
    machine.unwrap().into()
}

pub(crate) fn site() -> Site {
    Pipeline::start()
        .run(network())
        .run(pool())
        .run(iso())
        .run(volume(ByteSize::gib(20)))
        .run(machine(ByteSize::gib(4)))
}

pub(crate) fn with_census(site: Site) -> Site {
    site.census(MachineCensus).census(VolumeCensus).census(PoolCensus).census(NetworkCensus)
}
