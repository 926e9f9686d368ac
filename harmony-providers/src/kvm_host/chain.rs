//! The phases.

use harmony_phases::phases;

/// From a machine that somebody named to a hypervisor.
#[phases(any = AnyKvmHost)]
pub mod kvm_host {
    use std::sync::Arc;

    use harmony_capabilities::host::{
        AccountStore, CommandExecution, FileStore, HostFacts, KernelModules, PackageManager,
        ServiceManager, Sysctl,
    };
    use harmony_capabilities::virtualization::{Hypervisor, StoragePools, VirtualNetworks};
    use harmony_types::KvmHostAddress;

    use crate::kvm_host::reach::Reach;
    use crate::kvm_host::route::Route;
    use crate::libvirt::Libvirt;
    use crate::linux::Linux;

    /// A machine somebody named; nothing is known of it.
    #[start]
    pub struct Declared {
        pub(in crate::kvm_host) address: KvmHostAddress,
    }

    /// A Linux host that answers.
    #[resting]
    pub struct LinuxHost {
        #[grants(
            AccountStore,
            FileStore,
            HostFacts,
            KernelModules,
            PackageManager,
            ServiceManager,
            Sysctl
        )]
        pub(in crate::kvm_host) linux: Linux,
        #[grants(CommandExecution)]
        pub(in crate::kvm_host) commands: Arc<dyn CommandExecution>,
        pub(in crate::kvm_host) reach: Reach,
        pub(in crate::kvm_host) address: KvmHostAddress,
    }

    /// A host whose libvirt answers and can run virtual machines.
    #[resting]
    pub struct KvmHost {
        #[carries]
        pub(in crate::kvm_host) host: LinuxHost,
        #[grants(Hypervisor, StoragePools, VirtualNetworks)]
        pub(in crate::kvm_host) libvirt: Libvirt,
        pub(in crate::kvm_host) route: Route,
    }
}

use harmony_capabilities::host::{CommandExecution, Facts};
use harmony_types::KvmHostAddress;
use kvm_host::{Declared, KvmHost, LinuxHost};

use super::route::Route;
use crate::libvirt::Libvirt;
use crate::linux::Linux;

impl Declared {
    /// The machine that this program runs on.
    pub const fn here() -> Self {
        Self { address: KvmHostAddress::Here }
    }

    /// The machine at an address.
    ///
    /// ```
    /// use harmony_phases::Topology;
    /// use harmony_providers::kvm_host::{Declared, kvm_host};
    ///
    /// let host = Topology::new("h1", Declared::at(kvm_host!("root@h1.example:22")));
    /// assert_eq!(host.phase().address().to_string(), "root@h1.example:22");
    /// ```
    pub fn at(address: impl Into<KvmHostAddress>) -> Self {
        Self { address: address.into() }
    }

    /// Where the machine is.
    pub const fn address(&self) -> &KvmHostAddress {
        &self.address
    }
}

impl LinuxHost {
    /// Where the host is, as it was declared.
    pub const fn address(&self) -> &KvmHostAddress {
        &self.address
    }

    /// What was found when it was reached.
    pub fn facts(&self) -> &Facts {
        self.linux.facts()
    }

    /// The host as what plays its roles.
    pub const fn linux(&self) -> &Linux {
        &self.linux
    }

    /// What errors name as its place: `root@h1.example`, `this machine`.
    pub fn place(&self) -> String {
        self.commands.place()
    }

    /// What the host calls itself.
    pub fn host_name(&self) -> &str {
        &self.facts().host_name
    }

    /// The distribution, as it calls itself: `Debian GNU/Linux 12 (bookworm)`.
    pub fn system(&self) -> &str {
        &self.facts().distribution.pretty_name
    }
}

impl KvmHost {
    /// The hypervisor.
    pub const fn libvirt(&self) -> &Libvirt {
        &self.libvirt
    }

    /// The way to it, which is open as long as this phase is held.
    pub const fn route(&self) -> &Route {
        &self.route
    }
}
