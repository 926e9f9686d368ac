//! The phases.

use harmony_phases::phases;

/// From a machine to a hypervisor.
#[phases(any = AnyKvmHost)]
pub mod kvm_host {
    use harmony_capabilities::virtualization::{Hypervisor, StoragePools, VirtualNetworks};

    use crate::libvirt::Libvirt;

    /// A machine somebody named; nothing is known of it.
    #[start]
    pub struct Declared {}

    /// A Linux machine that this program runs on.
    #[resting]
    pub struct LinuxHost {
        pub(in crate::kvm_host) host_name: String,
        pub(in crate::kvm_host) system: String,
    }

    /// A host whose libvirt answers and can run virtual machines.
    #[resting]
    pub struct KvmHost {
        #[carries]
        pub(in crate::kvm_host) host: LinuxHost,
        #[grants(Hypervisor, StoragePools, VirtualNetworks)]
        pub(in crate::kvm_host) libvirt: Libvirt,
    }
}

use kvm_host::{Declared, KvmHost, LinuxHost};

use crate::libvirt::Libvirt;

impl Declared {
    /// The machine that this program runs on.
    pub const fn here() -> Self {
        Self {}
    }
}

impl LinuxHost {
    /// What the host calls itself.
    pub fn host_name(&self) -> &str {
        &self.host_name
    }

    /// The distribution, as it calls itself: `Debian GNU/Linux 12 (bookworm)`.
    pub fn system(&self) -> &str {
        &self.system
    }
}

impl KvmHost {
    /// The hypervisor.
    pub fn libvirt(&self) -> &Libvirt {
        &self.libvirt
    }
}
