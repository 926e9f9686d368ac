//! Which packages play a role, by the family of the distribution.

use harmony_capabilities::host::{Family, PackageRole};

/// The table. What a tool would only recommend is spelled out, because recommendations are not installed.
pub(super) const fn names(family: Family, role: PackageRole) -> &'static [&'static str] {
    use Family::{Arch, Debian, Fedora, Suse};
    use PackageRole::{Dnsmasq, Kvm, Libvirt, UefiFirmware};
    match (role, family) {
        (Dnsmasq, Arch | Fedora | Suse) => &["dnsmasq"],
        (Dnsmasq, Debian) => &["dnsmasq-base"],

        (Kvm, Arch) => &["qemu-base", "qemu-img"],
        (Kvm, Debian) => &["qemu-system-x86", "qemu-utils"],
        (Kvm, Fedora) => &["qemu-img", "qemu-kvm"],
        (Kvm, Suse) => &["qemu", "qemu-tools"],

        (Libvirt, Arch) => &["iptables-nft", "libvirt"],
        (Libvirt, Debian) => &["iptables", "libvirt-clients", "libvirt-daemon-system"],
        (Libvirt, Fedora) => {
            &["libvirt-client", "libvirt-daemon-config-network", "libvirt-daemon-kvm"]
        }
        (Libvirt, Suse) => {
            &["libvirt-client", "libvirt-daemon-config-network", "libvirt-daemon-qemu"]
        }

        (UefiFirmware, Arch | Fedora) => &["edk2-ovmf"],
        (UefiFirmware, Debian) => &["ovmf"],
        (UefiFirmware, Suse) => &["qemu-ovmf-x86_64"],
    }
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::host::PackageName;

    use super::*;

    #[test]
    fn every_name_is_one_and_no_role_is_empty() {
        for family in [Family::Arch, Family::Debian, Family::Fedora, Family::Suse] {
            for role in [
                PackageRole::Dnsmasq,
                PackageRole::Kvm,
                PackageRole::Libvirt,
                PackageRole::UefiFirmware,
            ] {
                let names = names(family, role);
                assert!(!names.is_empty(), "{family:?} {role}");
                assert!(names.is_sorted(), "{family:?} {role}");
                assert!(names.iter().all(|name| name.parse::<PackageName>().is_ok()));
            }
        }
    }
}
