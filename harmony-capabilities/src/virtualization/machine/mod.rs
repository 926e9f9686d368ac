//! What a virtual machine shall be.

mod boot;
mod cloud_init;
mod disk;
mod hardware;
mod nic;
mod rules;
mod wanted;

pub use boot::{BootDevice, KernelBoot};
pub use cloud_init::{CloudInit, CloudInitBuilder, CloudUser};
pub use disk::{Cdrom, Disk, DiskBus};
pub use hardware::{Acceleration, CpuMode, Firmware, Machine, Power};
pub use nic::{Nic, NicModel, NicSource};
pub use wanted::{VmFields, VmSpec, VmSpecBuilder};
