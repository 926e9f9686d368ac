use super::{
    Acceleration, BootDevice, Cdrom, CloudInit, CpuMode, Disk, Firmware, KernelBoot, Machine, Nic,
    Power,
};
use crate::{
    spec::{Part, SpecError, Text, checked_spec, is_default},
    virtualization::storage::VolumeRef,
};
use harmony_phases::ownership::Custody;
use harmony_types::{ByteSize, HostPath, ObjectName, Sha256Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

checked_spec! {
    /// What a virtual machine shall be: its [fields](VmFields), checked.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::virtualization::{BootDevice::{Cdrom, Disk}, Power, VmSpec};
    /// use harmony_capabilities::virtualization as v;
    /// use harmony_types::ByteSize;
    ///
    /// let web = VmSpec::builder()
    ///     .name("web")
    ///     .vcpus(2)
    ///     .memory(ByteSize::gib(4))
    ///     .disk(v::Disk::volume("images", "web.qcow2"))
    ///     .cdrom(v::Cdrom::volume("images", "debian.iso"))
    ///     .network("lan")
    ///     .boot_order([Cdrom, Disk])
    ///     .build()?;
    /// assert_eq!(web.power, Power::Running);
    ///
    /// let nothing = VmSpec::builder().name("web").vcpus(0).memory(ByteSize::gib(4)).build();
    /// assert!(nothing.unwrap_err().to_string().contains("vcpus"));
    /// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
    /// ```
    VmSpec of VmFields, called "virtual machine", schema 1
}

/// The fields of a [`VmSpec`]; what is not set is neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VmFields {
    /// What it is called.
    pub name: ObjectName,
    /// How many processors the guest sees.
    pub vcpus: u32,
    /// How much memory the guest sees, in whole MiB.
    pub memory: ByteSize,
    /// The board it is modelled on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// What starts before the operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<Firmware>,
    /// The processor that the guest sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuMode>,
    /// How guest code runs.
    #[serde(default)]
    pub acceleration: Acceleration,
    /// Its disks, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<Disk>,
    /// Its cdrom drives, in order; the seed of cloud-init comes after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cdroms: Vec<Cdrom>,
    /// Its network cards, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nics: Vec<Nic>,
    /// What it boots from, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boot_order: Vec<BootDevice>,
    /// The kernel that is started directly, instead of booting from a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<KernelBoot>,
    /// The file of the host that its serial line is written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_log: Option<HostPath>,
    /// What a guest with cloud-init is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_init: Option<CloudInit>,
    /// Whether it has a channel to an agent in the guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_agent: Option<bool>,
    /// Whether it starts with the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// What is wanted of it beyond being defined.
    #[serde(default)]
    pub power: Power,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

impl VmFields {
    /// Returns the volume that holds the seed of cloud-init: `<machine>-seed-<digest>.iso` in the
    /// seed's pool.
    ///
    /// Its name tells what is in it: another description gets another name, so a look at the list
    /// of volumes says whether a seed is the wanted one. A secret counts by its reference.
    pub fn seed_volume(&self) -> Option<VolumeRef> {
        let seed = self.cloud_init.as_ref()?;
        let description = serde_json::to_vec(&(&self.name, seed)).ok()?;
        let digest = Sha256Digest::new(Sha256::digest(&description).into()).to_string();
        let name = format!("{}-seed-{}.iso", self.name, &digest[..12]).parse().ok()?;
        Some(VolumeRef { pool: seed.pool.clone(), name })
    }

    pub(crate) fn label(&self) -> &ObjectName {
        &self.name
    }
}

const WHAT: &str = "virtual machine";

#[bon::bon]
impl VmSpec {
    /// Describes a virtual machine; name, processors and memory are required.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field and the rule.
    #[builder]
    pub fn new(
        #[builder(field)] disks: Vec<Part<Disk>>,
        #[builder(field)] cdroms: Vec<Part<Cdrom>>,
        #[builder(field)] nics: Vec<Part<Nic>>,
        /// What it is called.
        #[builder(into)]
        name: Text<ObjectName>,
        /// How many processors the guest sees.
        vcpus: u32,
        /// How much memory the guest sees, in whole MiB.
        #[builder(into)]
        memory: Text<ByteSize>,
        /// The board it is modelled on.
        machine: Option<Machine>,
        /// What starts before the operating system.
        firmware: Option<Firmware>,
        /// The processor that the guest sees.
        cpu: Option<CpuMode>,
        /// How guest code runs; on the processor where it can by default.
        #[builder(default)]
        acceleration: Acceleration,
        /// What it boots from, in order.
        #[builder(default, with = FromIterator::from_iter)]
        boot_order: Vec<BootDevice>,
        /// The kernel that is started directly.
        #[builder(into)]
        kernel: Option<Part<KernelBoot>>,
        /// The file of the host that its serial line is written to.
        #[builder(into)]
        serial_log: Option<Text<HostPath>>,
        /// What a guest with cloud-init is told.
        #[builder(into)]
        cloud_init: Option<Part<CloudInit>>,
        /// Whether it has a channel to an agent in the guest.
        guest_agent: Option<bool>,
        /// Whether it starts with the host.
        autostart: Option<bool>,
        /// What is wanted of it beyond being defined; running by default.
        #[builder(default)]
        power: Power,
        /// Whether one that exists without this site's mark is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        Self::try_from(VmFields {
            name: name.of(WHAT, "name")?,
            vcpus,
            memory: memory.of(WHAT, "memory")?,
            machine,
            firmware,
            cpu,
            acceleration,
            disks: disks.into_iter().map(|part| part.of(WHAT)).collect::<Result<_, _>>()?,
            cdroms: cdroms.into_iter().map(|part| part.of(WHAT)).collect::<Result<_, _>>()?,
            nics: nics.into_iter().map(|part| part.of(WHAT)).collect::<Result<_, _>>()?,
            boot_order,
            kernel: kernel.map(|part| part.of(WHAT)).transpose()?,
            serial_log: serial_log.map(|text| text.of(WHAT, "serial_log")).transpose()?,
            cloud_init: cloud_init.map(|part| part.of(WHAT)).transpose()?,
            guest_agent,
            autostart,
            power,
            custody: Custody { adopt, protect },
        })
    }
}

impl<S: vm_spec_builder::State> VmSpecBuilder<S> {
    /// Adds a disk.
    pub fn disk(mut self, disk: impl Into<Part<Disk>>) -> Self {
        self.disks.push(disk.into());
        self
    }

    /// Adds a cdrom drive.
    pub fn cdrom(mut self, cdrom: impl Into<Part<Cdrom>>) -> Self {
        self.cdroms.push(cdrom.into());
        self
    }

    /// Adds a network card.
    pub fn nic(mut self, nic: impl Into<Part<Nic>>) -> Self {
        self.nics.push(nic.into());
        self
    }

    /// Adds a network card on this virtual network, with an address that the hypervisor chooses.
    pub fn network(self, network: impl Into<Text<ObjectName>>) -> Self {
        self.nic(Nic::on(network))
    }
}
