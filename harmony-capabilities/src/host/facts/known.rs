use std::{fmt, net::IpAddr, time::Duration};

use harmony_types::{ByteSize, InterfaceName, MacAddress};
use serde::{Deserialize, Serialize};

/// What a host is, as it was found when it was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it calls itself.
    pub host_name: String,
    /// Its distribution.
    pub distribution: Distribution,
    /// Its processors' architecture.
    pub architecture: Architecture,
    /// The kernel's release, such as `6.1.0-56-amd64`.
    pub kernel: String,
    /// How many processors it has.
    pub processors: u32,
    /// How much memory it has.
    pub memory: ByteSize,
    /// What its root file system has left.
    pub free_disk: ByteSize,
    /// Whether it can run KVM guests.
    pub kvm: KvmReadiness,
    /// Whether it is hardware, a virtual machine or a container.
    pub machine: MachineKind,
    /// What runs its services.
    pub init: InitSystem,
    /// What installs its packages, where it is one we know.
    pub package_tool: Option<PackageTool>,
    /// Its disks.
    pub disks: Vec<Disk>,
    /// Its network cards, without the loopback.
    pub interfaces: Vec<Interface>,
    /// How far its clock is from ours: positive when it is ahead.
    pub clock_ahead: ClockSkew,
    /// The name and number of who logged in.
    pub login: Login,
}

/// A difference between two clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSkew {
    /// How far they are apart.
    pub by: Duration,
    /// Whether the host's is behind ours, rather than ahead.
    pub behind: bool,
}

/// Reads between `its clock is` and `ours`: `86400 s behind`, `3 s ahead of`.
impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.behind { "behind" } else { "ahead of" };
        write!(f, "{} s {way}", self.by.as_secs())
    }
}

/// Who logged in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The name.
    pub name: String,
    /// The number; 0 is root.
    pub uid: u32,
}

/// A distribution, by its os-release file (os-release(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// `ID`: `debian`; `linux` where the file says nothing.
    pub id: String,
    /// `ID_LIKE`, one word each.
    pub like: Vec<String>,
    /// `VERSION_ID`: `12`; rolling distributions have none.
    pub version: Option<String>,
    /// `VERSION_CODENAME`: `bookworm`.
    pub codename: Option<String>,
    /// `PRETTY_NAME`: `Debian GNU/Linux 12 (bookworm)`.
    pub pretty_name: String,
}

/// Distributions that call their packages by the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Arch Linux and what is made from it.
    Arch,
    /// Debian, Ubuntu and what is made from them.
    Debian,
    /// Fedora, Red Hat Enterprise Linux and what is made from them.
    Fedora,
    /// SUSE's distributions.
    Suse,
}

/// An architecture, as `uname -m` calls it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// `aarch64`.
    Aarch64,
    /// Any other, by its name.
    Other(String),
    /// `x86_64`.
    X86_64,
}

/// Whether a host can run guests with KVM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KvmReadiness {
    /// The processors have the extension, and nothing has loaded the module yet.
    ModuleMissing,
    /// The processors do not have the extension, or it is switched off.
    NoExtension,
    /// `/dev/kvm` is there and can be opened by root.
    Ready,
    /// `/dev/kvm` is there and cannot be opened, and why.
    Unusable(String),
}

/// What a host is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineKind {
    /// A container, of this engine.
    Container(String),
    /// Hardware.
    Physical,
    /// A virtual machine, of this hypervisor.
    Virtual(String),
}

/// What runs a host's services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitSystem {
    /// Any other, by its name.
    Other(String),
    /// systemd.
    Systemd,
}

/// What installs a host's packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageTool {
    /// apt and dpkg.
    Apt,
    /// dnf and rpm.
    Dnf,
    /// pacman.
    Pacman,
    /// zypper and rpm.
    Zypper,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// The kernel's name for it: `vda`.
    pub name: String,
    /// How large it is.
    pub size: ByteSize,
}

/// A network card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Its name.
    pub name: InterfaceName,
    /// Its address on the link, where it has one of the usual kind.
    pub mac: Option<MacAddress>,
    /// Its IP addresses.
    pub addresses: Vec<IpAddr>,
}

impl Distribution {
    /// Whose package names it uses; none where neither it nor its kin are known.
    pub fn family(&self) -> Option<Family> {
        let mut names =
            std::iter::once(self.id.as_str()).chain(self.like.iter().map(String::as_str));
        names.find_map(|name| match name {
            "arch" | "archlinux" => Some(Family::Arch),
            "debian" | "ubuntu" => Some(Family::Debian),
            "fedora" | "rhel" | "centos" => Some(Family::Fedora),
            "suse" | "opensuse" | "sles" => Some(Family::Suse),
            _ => None,
        })
    }
}
