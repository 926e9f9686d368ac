//! Changing a machine's definition without touching what the spec does not say.

use harmony_capabilities::virtualization::VmSpec;

use super::super::error::LibvirtError;
use super::super::xml::tree::{Element, Merge};
use super::super::xml::{self, Domain, Mac};
use super::build::AGENT;
use super::drift::same_machine;

/// The existing definition with what is wanted laid over it: UUID, firmware variables, PCI
/// addresses and whatever an administrator added stay.
pub(super) fn updated(
    defined: &str,
    found: &Domain,
    mut wanted: Domain,
    spec: &VmSpec,
) -> Result<String, LibvirtError> {
    let mut tree = Element::parse(defined)?;
    keep_macs(found, &mut wanted);
    keep_machine(found, &mut wanted);
    make_room(&mut tree, &wanted, spec);
    tree.overlay(&Element::parse(&xml::write("a domain", &wanted)?)?, rules);
    Ok(tree.write()?)
}

/// A new definition that is the same machine: for another board, whose slots differ.
pub(super) fn rebuilt(found: &Domain, mut fresh: Domain) -> Result<String, LibvirtError> {
    keep_macs(found, &mut fresh);
    fresh.uuid.clone_from(&found.uuid);
    Ok(xml::write("a domain", &fresh)?)
}

/// A network card without a wanted address keeps the one it has, in the spelling it has.
fn keep_macs(found: &Domain, wanted: &mut Domain) {
    let pairs = wanted.devices.interfaces.iter_mut().zip(&found.devices.interfaces);
    for (wanted, found) in pairs {
        let same = |it: &Mac, other: &Mac| it.address.eq_ignore_ascii_case(&other.address);
        let kept = match (&wanted.mac, &found.mac) {
            (None, _) => true,
            (Some(wanted), Some(found)) => same(wanted, found),
            (Some(_), None) => false,
        };
        if kept {
            wanted.mac.clone_from(&found.mac);
        }
    }
}

/// An alias that is met already is not expanded again: to a newer QEMU it would mean newer hardware.
fn keep_machine(found: &Domain, wanted: &mut Domain) {
    let (now, then) = (&found.os.kind.machine, &mut wanted.os.kind.machine);
    if let (Some(found), Some(alias)) = (now, &*then)
        && same_machine(found, alias)
    {
        then.clone_from(now);
    }
}

/// Removes what the overlay could not: things whose absence is wanted.
fn make_room(tree: &mut Element, wanted: &Domain, spec: &VmSpec) {
    if let Some(vcpu) = tree.child_mut("vcpu") {
        vcpu.attributes.retain(|(key, _)| key != "current");
    }
    let boots = !spec.boot_order.is_empty();
    if let Some(os) = tree.child_mut("os").filter(|_| boots || spec.kernel.is_some()) {
        for name in ["boot", "kernel", "initrd", "cmdline"] {
            os.remove(name);
        }
    }
    let Some(devices) = tree.child_mut("devices") else { return };
    if spec.serial_log.is_some() {
        devices.remove("console");
    }
    for device in &mut devices.children {
        match device.name.as_str() {
            "disk" | "interface" if boots => device.remove("boot"),
            _ => {}
        }
        if device.name == "disk" && is_wanted_empty(device, wanted) {
            device.remove("source");
        }
    }
    if spec.guest_agent == Some(false) {
        devices.children.retain(|it| it.name != "channel" || !is_agent(it));
    }
}

fn is_wanted_empty(device: &Element, wanted: &Domain) -> bool {
    let dev = device.child("target").and_then(|target| target.attribute("dev"));
    let disk = wanted.devices.disks.iter().find(|it| Some(it.target.dev.as_str()) == dev);
    disk.is_some_and(|disk| disk.source.is_none())
}

fn is_agent(channel: &Element) -> bool {
    channel.child("target").and_then(|target| target.attribute("name")) == Some(AGENT)
}

fn rules(parent: &str, name: &str) -> Merge {
    match (parent, name) {
        ("devices", "disk") => Merge::List("target", "dev"),
        ("devices", "interface") => Merge::List("mac", "address"),
        ("devices", "serial") => Merge::List("target", "port"),
        ("devices", "channel") => Merge::Named("target", "name"),
        ("domain", "cpu") | ("disk" | "interface" | "serial", "source") => Merge::Replace,
        _ => Merge::Keep,
    }
}
