//! Virtual networks, storage and virtual machines: what is wanted of a hypervisor, whichever it is.
//!
//! A *spec* says what a network, pool, volume or machine shall be. It is made by a builder that the
//! compiler checks, or read from its serialised form; either way it has been checked when it
//! exists.
//!
//! ```
//! use harmony_capabilities::virtualization::{BootDevice, Cdrom, Disk, NetworkSpec, Nic, VmSpec};
//! use harmony_types::{ByteSize, MacAddress};
//!
//! let mac = MacAddress::qemu([0, 0, 10]);
//! let network = NetworkSpec::builder()
//!     .name("lan")
//!     .subnet("192.168.101.0/24")
//!     .dhcp_range("192.168.101.100-192.168.101.200")
//!     .lease(mac, [192, 168, 101, 10])
//!     .build()?;
//! let web = VmSpec::builder()
//!     .name("web")
//!     .vcpus(2)
//!     .memory(ByteSize::gib(4))
//!     .disk(Disk::volume("images", "web.qcow2"))
//!     .cdrom(Cdrom::volume("images", "debian.iso"))
//!     .nic(Nic::on(&network.name)?.mac(mac))
//!     .boot_order([BootDevice::Cdrom, BootDevice::Disk])
//!     .build()?;
//! assert_eq!(serde_json::from_str::<VmSpec>(&serde_json::to_string(&web)?)?, web);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Three *roles* bring it about: [`VirtualNetworks`], [`StoragePools`] and [`Hypervisor`].

mod census;
mod error;
mod machine;
mod network;
mod role;
mod score;
mod storage;

pub use crate::spec::{Part, SpecError, SpecErrorKind, Text};
pub use census::{MachineCensus, NetworkCensus, PoolCensus, VolumeCensus};
pub use error::{VirtualizationError, VirtualizationErrorKind};
pub use machine::{
    Acceleration, BootDevice, Cdrom, CloudInit, CloudInitBuilder, CloudUser, CpuMode, Disk,
    DiskBus, Firmware, KernelBoot, Machine, Nic, NicModel, NicSource, Power, VmFields, VmSpec,
    VmSpecBuilder,
};
pub use network::{
    DnsHost, NetworkBoot, NetworkFields, NetworkMode, NetworkSpec, NetworkSpecBuilder, StaticLease,
};
pub use role::{
    AddressSource, BootSign, GuestAddress, Hypervisor, Lease, MachineStatus, NetworkStatus,
    PoolStatus, PowerStatus, ShutDown, StoragePools, Undefine, VirtualNetworks, VolumeStatus,
};
pub use score::{
    IsoFields, IsoImageScore, IsoSpec, IsoSpecBuilder, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VolumeScore,
};
pub use storage::{
    Backing, Checksum, DiskSource, ImageLocation, ImageSource, PoolFields, PoolSpec,
    PoolSpecBuilder, VolumeFields, VolumeFormat, VolumeRef, VolumeSpec, VolumeSpecBuilder,
};
