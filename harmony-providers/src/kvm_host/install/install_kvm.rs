//! What is wanted of a KVM host.

use harmony_capabilities::host::{PackageRole, UserName};
use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::{Describe, Sensitivity};

use crate::libvirt::ConnectOptions;

/// Makes a Linux host one that runs virtual machines: packages, kernel modules, libvirt's daemons,
/// and whatever else is asked for; then proves it with a machine that lives for a moment.
///
/// A host that can do so already is recognised, however it became one, and not touched. An
/// installation that was cut anywhere goes on where it stopped. A teardown leaves what was
/// installed: others may use it by then.
///
/// # Examples
/// ```
/// use harmony_capabilities::virtualization::Acceleration;
/// use harmony_phases::{Pipeline, Topology};
/// use harmony_providers::kvm_host::{ConnectLocal, Declared, InstallKvm, KvmHost};
///
/// fn host() -> Pipeline<Topology<Declared>, Topology<KvmHost>> {
///     let install = InstallKvm::new().acceleration(Acceleration::Tcg).default_network();
///     Pipeline::start().advance(ConnectLocal).advance(install)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that may be asked for")]
pub struct InstallKvm {
    pub(super) acceleration: Acceleration,
    pub(super) nested: bool,
    pub(super) uefi: bool,
    pub(super) members: Vec<UserName>,
    pub(super) network: bool,
    pub(super) pool: bool,
    pub(super) connection: ConnectOptions,
}

impl Default for InstallKvm {
    fn default() -> Self {
        Self::new()
    }
}

impl InstallKvm {
    /// The group whose members libvirt lets in.
    pub(super) const GROUP: &'static str = "libvirt";

    /// QEMU, libvirt and what virtual networks need, for machines that KVM runs.
    pub fn new() -> Self {
        Self {
            acceleration: Acceleration::Auto,
            nested: false,
            uefi: false,
            members: Vec::new(),
            network: false,
            pool: false,
            connection: ConnectOptions::new("qemu:///system"),
        }
    }

    /// How new machines run whose own spec leaves it open. Only `Tcg` takes a host whose processors
    /// cannot run machines.
    pub fn acceleration(mut self, acceleration: Acceleration) -> Self {
        self.acceleration = acceleration;
        self
    }

    /// Lets machines run machines of their own, where KVM runs them.
    pub fn nested(mut self) -> Self {
        self.nested = true;
        self
    }

    /// Installs UEFI firmware for machines too.
    pub fn with_uefi(mut self) -> Self {
        self.uefi = true;
        self
    }

    /// Lets a user of the host manage machines without being root, from the next login on.
    pub fn let_in(mut self, user: UserName) -> Self {
        self.members.push(user);
        self
    }

    /// Sees to it that there is a network `default`: 192.168.122.0/24 behind the host's address,
    /// started with the host. One that is there is taken as it is.
    pub fn default_network(mut self) -> Self {
        self.network = true;
        self
    }

    /// Sees to it that there is a pool `default`: `/var/lib/libvirt/images`, started with the host.
    /// One that is there is taken as it is.
    pub fn default_pool(mut self) -> Self {
        self.pool = true;
        self
    }

    /// What its packages are for.
    pub(super) fn roles(&self) -> Vec<PackageRole> {
        let mut roles = vec![PackageRole::Kvm, PackageRole::Libvirt, PackageRole::Dnsmasq];
        if self.uefi {
            roles.push(PackageRole::UefiFirmware);
        }
        roles
    }

    /// Whether the processor shall run machines, rather than a program.
    pub(super) fn uses_kvm(&self) -> bool {
        self.acceleration != Acceleration::Tcg
    }
}

impl Describe for InstallKvm {
    fn name(&self) -> String {
        "install KVM".to_owned()
    }

    /// A module that is loaded anew is out of service for a moment.
    fn sensitivity(&self) -> Sensitivity {
        if self.nested { Sensitivity::Disruptive } else { Sensitivity::Routine }
    }
}
