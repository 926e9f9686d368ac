//! The parts of the site, as fields that a test may change.

use harmony_capabilities::virtualization::{
    BootDevice, Cdrom, Checksum, Disk, ImageSource, IsoImageScore, IsoSpec, NetworkFields,
    NetworkMode, NetworkSpec, Nic, PoolSpec, Power, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VmFields, VmSpec, VolumeFields, VolumeScore, VolumeSpec,
};
use harmony_types::ByteSize;

use super::lab::Lab;

impl Lab {
    pub(super) fn network(&self, change: impl FnOnce(&mut NetworkFields)) -> VirtualNetworkScore {
        let subnet = |last: &str| format!("10.177.{}.{last}", self.subnet());
        let spec = NetworkSpec::builder()
            .name(self.name("lan"))
            .mode(NetworkMode::Isolated)
            .bridge(format!("vf{}", self.subnet()))
            .subnet(subnet("0/24"))
            .dhcp_range(format!("{}-{}", subnet("100"), subnet("200")))
            .named_lease("web", self.mac(1), [10, 177, self.subnet(), 10])
            .build();
        let mut fields = spec.unwrap().into_fields();
        change(&mut fields);
        NetworkSpec::try_from(fields).unwrap().into()
    }

    pub(super) fn pool(&self) -> StoragePoolScore {
        let path = self.pool_folder().to_string_lossy().into_owned();
        PoolSpec::builder().name(self.name("pool")).path(path).build().unwrap().into()
    }

    pub(super) fn iso_source(&self) -> ImageSource {
        ImageSource::file(self.iso_file(), Checksum::Sha256(self.iso_digest()))
    }

    pub(super) fn iso(&self) -> IsoImageScore {
        let (pool, source) = (self.name("pool"), self.iso_source());
        IsoSpec::builder().pool(pool).name("installer.iso").source(source).build().unwrap().into()
    }

    /// The disk of the machine.
    pub(super) fn disk(&self) -> VolumeScore {
        self.volume(|fields| fields.name = "web.qcow2".parse().unwrap())
    }

    /// A volume that no machine uses.
    pub(super) fn volume(&self, change: impl FnOnce(&mut VolumeFields)) -> VolumeScore {
        let spec = VolumeSpec::builder()
            .pool(self.name("pool"))
            .name("data.qcow2")
            .capacity(ByteSize::gib(1))
            .build();
        let mut fields = spec.unwrap().into_fields();
        change(&mut fields);
        VolumeSpec::try_from(fields).unwrap().into()
    }

    pub(super) fn machine(&self, change: impl FnOnce(&mut VmFields)) -> VirtualMachineScore {
        let pool = self.name("pool");
        let spec = VmSpec::builder()
            .name(self.name("web"))
            .vcpus(1)
            .memory(ByteSize::mib(64))
            .disk(Disk::volume(&pool, "web.qcow2"))
            .cdrom(Cdrom::volume(&pool, "installer.iso"))
            .nic(Nic::on(self.name("lan")).unwrap().mac(self.mac(1)))
            .boot_order([BootDevice::Cdrom, BootDevice::Disk])
            .build();
        let mut fields = spec.unwrap().into_fields();
        change(&mut fields);
        VmSpec::try_from(fields).unwrap().into()
    }

    /// A second machine, which is only defined.
    pub(super) fn spare(&self) -> VirtualMachineScore {
        let name = self.name("spare");
        self.machine(|fields| {
            fields.name = name.parse().unwrap();
            (fields.disks, fields.cdroms, fields.nics) = (Vec::new(), Vec::new(), Vec::new());
            fields.boot_order = Vec::new();
            fields.power = Power::Defined;
        })
    }
}
