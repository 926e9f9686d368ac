//! What a host is made of, and whether it can run guests.

use harmony_capabilities::host::{Architecture, KvmReadiness, MachineKind};
use harmony_types::Printable;

use super::read::Told;

/// What `systemd-detect-virt` calls containers; everything else that it knows is a virtual machine.
const CONTAINERS: [&str; 11] = [
    "container-other",
    "docker",
    "lxc",
    "lxc-libvirt",
    "openvz",
    "podman",
    "pouch",
    "proot",
    "rkt",
    "systemd-nspawn",
    "wsl",
];

/// What the makers of virtual machines write into their firmware, and what systemd calls them.
const MAKERS: [(&str, &str); 9] = [
    ("QEMU", "qemu"),
    ("VMware", "vmware"),
    ("innotek", "oracle"),
    ("VirtualBox", "oracle"),
    ("Xen", "xen"),
    ("Bochs", "bochs"),
    ("Parallels", "parallels"),
    ("Amazon EC2", "amazon"),
    ("Google Compute Engine", "google"),
];

/// Whether it is a container, a virtual machine or hardware: by what systemd says, or else by what can be seen.
pub(super) fn kind(told: &Told<'_>) -> MachineKind {
    if let Some(container) = container(told) {
        return MachineKind::Container(container);
    }
    match told.value("detected") {
        Some("none") => MachineKind::Physical,
        Some(name) if CONTAINERS.contains(&name) => MachineKind::Container(name.to_owned()),
        Some(name) if !name.is_empty() => MachineKind::Virtual(name.to_owned()),
        _ => by_looks(told),
    }
}

fn container(told: &Told<'_>) -> Option<String> {
    let environment = told.file("/proc/1/environ");
    let variable = environment.split('\0').find_map(|variable| variable.strip_prefix("container="));
    let said = told.file("/run/systemd/container");
    let mut names = [Some(said.trim()), variable, told.value("container")].into_iter().flatten();
    let name = names.find(|name| !name.is_empty())?;
    // podman calls itself `oci` to the first process.
    let name = if name == "oci" { told.value("container").unwrap_or(name) } else { name };
    Some(name.chars().filter(|c| !c.is_control()).collect())
}

fn by_looks(told: &Told<'_>) -> MachineKind {
    let files = ["/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name"];
    let firmware = files.map(|path| told.file(path)).join(" ");
    if let Some((_, name)) = MAKERS.iter().find(|(maker, _)| firmware.contains(maker)) {
        return MachineKind::Virtual((*name).to_owned());
    }
    if firmware.contains("Microsoft Corporation") && firmware.contains("Virtual Machine") {
        return MachineKind::Virtual("microsoft".to_owned());
    }
    if has_flag(&told.file("/proc/cpuinfo"), "hypervisor") {
        return MachineKind::Virtual("vm-other".to_owned());
    }
    MachineKind::Physical
}

/// Whether it can run guests with KVM.
pub(super) fn kvm(told: &Told<'_>, architecture: &Architecture) -> KvmReadiness {
    match told.value("kvm") {
        Some("opens") => return KvmReadiness::Ready,
        Some(why) => return KvmReadiness::Unusable(reason(why)),
        None => {}
    }
    let flags = told.file("/proc/cpuinfo");
    let extension = has_flag(&flags, "vmx") || has_flag(&flags, "svm");
    if *architecture != Architecture::X86_64 || !extension {
        return KvmReadiness::NoExtension;
    }
    if told.values("module").any(|name| name != "kvm") {
        return KvmReadiness::Unusable(
            "the module is loaded, and /dev/kvm is not there".to_owned(),
        );
    }
    KvmReadiness::ModuleMissing
}

/// The end of what the shell complains: `sh: 12: cannot open /dev/kvm: No such device`.
fn reason(complaint: &str) -> String {
    let last = complaint.rsplit(": ").next().unwrap_or(complaint);
    if last.is_empty() { "it cannot be opened".to_owned() } else { Printable::of(last).to_string() }
}

/// Whether a processor has a flag.
fn has_flag(cpuinfo: &str, flag: &str) -> bool {
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags"));
    flags.is_some_and(|line| line.split_whitespace().any(|word| word == flag))
}

/// Reads `0-3,8`: how many processors that are.
pub(super) fn processors(online: &str) -> Option<u32> {
    let mut count: u32 = 0;
    for range in online.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        count = count.checked_add(last.checked_sub(first)?.checked_add(1)?)?;
    }
    Some(count)
}

/// The architecture of this name.
pub(super) fn architecture(name: &str) -> Architecture {
    match name {
        "aarch64" | "arm64" => Architecture::Aarch64,
        "x86_64" | "amd64" => Architecture::X86_64,
        other => Architecture::Other(other.escape_debug().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::told;
    use super::*;

    #[test]
    fn processors_are_counted_by_ranges() {
        assert_eq!(processors("0-3,8\n"), Some(5));
        assert_eq!(processors("0\n"), Some(1));
        for nonsense in ["", "3-1", "a", "0-4294967295", "1-2-3"] {
            assert_eq!(processors(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn kvm_is_ready_when_its_device_opens() {
        let x86 = Architecture::X86_64;
        let with = |look, cpuinfo| kvm(&told(look, &[("/proc/cpuinfo", cpuinfo)]), &x86);
        assert_eq!(with("kvm opens\n", ""), KvmReadiness::Ready);
        let complaint = "kvm sh: 12: cannot open /dev/kvm: No such device\n";
        assert_eq!(with(complaint, ""), KvmReadiness::Unusable("No such device".to_owned()));
        assert_eq!(with("", "flags\t\t: fpu vmx sse\n"), KvmReadiness::ModuleMissing);
        assert_eq!(with("", "flags\t\t: fpu sse\n"), KvmReadiness::NoExtension);
        let loaded = with("module kvm\nmodule kvm_amd\n", "flags : svm\n");
        assert!(matches!(loaded, KvmReadiness::Unusable(_)), "{loaded:?}");
    }

    #[test]
    fn containers_are_told_before_machines() {
        let container = |name: &str| MachineKind::Container(name.to_owned());
        let nspawn = told("detected kvm\n", &[("/run/systemd/container", "systemd-nspawn\n")]);
        assert_eq!(kind(&nspawn), container("systemd-nspawn"));
        let podman = told("container podman\n", &[("/proc/1/environ", "A=b\0container=oci\0")]);
        assert_eq!(kind(&podman), container("podman"));
        assert_eq!(kind(&told("detected lxc\n", &[])), container("lxc"));
    }

    #[test]
    fn machines_are_told_by_systemd_or_by_their_looks() {
        let vm = |name: &str| MachineKind::Virtual(name.to_owned());
        assert_eq!(kind(&told("detected kvm\n", &[])), vm("kvm"));
        assert_eq!(kind(&told("detected none\n", &[])), MachineKind::Physical);
        let qemu = [("/sys/class/dmi/id/sys_vendor", "QEMU\n")];
        assert_eq!(kind(&told("", &qemu)), vm("qemu"));
        let hidden = [("/proc/cpuinfo", "flags : fpu hypervisor\n")];
        assert_eq!(kind(&told("", &hidden)), vm("vm-other"));
        assert_eq!(kind(&told("", &[])), MachineKind::Physical);
    }
}
