//! How a machine differs from what is wanted.

use harmony_phases::score::ChangeEffect;

use super::super::drift::Drift;
use super::super::xml::{Disk, Domain, Interface};
use super::build::AGENT;

/// Bare numbers in `<memory>` are KiB.
const KIB: u64 = 1 << 10;

/// Compares what the spec set; `wanted` holds nothing else.
pub(super) fn compare(found: &Domain, wanted: &Domain, effect: ChangeEffect) -> Drift {
    let mut drift = Drift::default();
    sizes(&mut drift, found, wanted, effect);
    board(&mut drift, found, wanted, effect);
    kernel(&mut drift, found, wanted, effect);
    disks(&mut drift, found, wanted, effect);
    nics(&mut drift, found, wanted, effect);
    boot_order(&mut drift, found, wanted, effect);
    serial(&mut drift, found, wanted, effect);
    drift
}

/// What a machine has, in words: `4 GiB`.
fn memory(domain: &Domain) -> Option<String> {
    let size = domain.current_memory.as_ref().unwrap_or(&domain.memory);
    Some(harmony_types::ByteSize::bytes(size.in_bytes(KIB)?).to_string())
}

fn most_memory(domain: &Domain) -> Option<String> {
    Some(harmony_types::ByteSize::bytes(domain.memory.in_bytes(KIB)?).to_string())
}

fn sizes(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    let want = memory(wanted);
    let now = [memory(found), most_memory(found)].into_iter().flatten();
    let now = now.clone().find(|it| Some(it) != want.as_ref()).or_else(|| memory(found));
    drift.field("memory", now.as_ref(), want.as_ref(), effect);
    let plugged = found.vcpu.current.unwrap_or(found.vcpu.count);
    let now = if plugged == wanted.vcpu.count { found.vcpu.count } else { plugged };
    drift.field("vcpus", Some(&now), Some(&wanted.vcpu.count), effect);
}

fn board(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    if found.kind != wanted.kind {
        drift.differs("acceleration", &found.kind, &wanted.kind, effect);
    }
    let (now, then) = (found.os.kind.machine.as_deref(), wanted.os.kind.machine.as_deref());
    if let Some(then) = then
        && !same_machine(now.unwrap_or_default(), then)
    {
        drift.differs("machine", now.unwrap_or("nothing"), then, effect);
    }
    if let Some(cpu) = &wanted.cpu {
        let words = |cpu: &super::super::xml::Cpu| match &cpu.model {
            Some(model) if cpu.mode.as_deref() == Some("custom") => model.trim().to_owned(),
            _ => cpu.mode.clone().unwrap_or_default(),
        };
        drift.field("cpu", found.cpu.as_ref().map(words).as_ref(), Some(&words(cpu)), effect);
    }
}

/// `q35` and `pc` are aliases that libvirt expands: `pc-q35-7.2`, `pc-i440fx-7.2`.
pub(super) fn same_machine(found: &str, wanted: &str) -> bool {
    let family = match wanted {
        "q35" => "pc-q35-",
        "pc" => "pc-i440fx-",
        other => return found == other,
    };
    found == wanted || found.starts_with(family)
}

/// A kernel that is started directly; where devices boot, there must be none.
fn kernel(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    if wanted.os.kernel.is_none() {
        let boots = orders(wanted).next().is_some();
        if let Some(kernel) = found.os.kernel.as_ref().filter(|_| boots) {
            drift.differs("kernel", kernel, "nothing", effect);
        }
        return;
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
    for (field, now, then) in [
        ("kernel", &found.os.kernel, &wanted.os.kernel),
        ("kernel.initrd", &found.os.initrd, &wanted.os.initrd),
        ("kernel.cmdline", &found.os.cmdline, &wanted.os.cmdline),
    ] {
        drift.field(field, Some(&text(now)), Some(&text(then)), effect);
    }
}

/// Disks and cdroms are one list, known by the names that the guest sees.
fn disks(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    let (found, wanted) = (&found.devices.disks, &wanted.devices.disks);
    if wanted.is_empty() {
        return;
    }
    for disk in wanted {
        let dev = &disk.target.dev;
        match found.iter().find(|it| it.target.dev == *dev) {
            Some(now) => one_disk(drift, now, disk, effect),
            None => drift.differs(dev, "nothing", content(disk), effect),
        }
    }
    for extra in found.iter().filter(|it| !wanted.iter().any(|w| w.target.dev == it.target.dev)) {
        drift.differs(&extra.target.dev, content(extra), "nothing", effect);
    }
}

fn one_disk(drift: &mut Drift, found: &Disk, wanted: &Disk, effect: ChangeEffect) {
    let dev = &wanted.target.dev;
    let field = |name: &str| [dev.as_str(), name].join(".");
    drift.field(&field("device"), Some(&found.device), Some(&wanted.device), effect);
    drift.field(&field("bus"), found.target.bus.as_ref(), wanted.target.bus.as_ref(), effect);
    drift.field(&field("source"), Some(&content(found)), Some(&content(wanted)), effect);
    let format = |disk: &Disk| disk.driver.as_ref().and_then(|it| it.kind.clone());
    if wanted.device == "disk" {
        drift.field(&field("format"), format(found).as_ref(), format(wanted).as_ref(), effect);
    }
}

/// What is in a drive, in words.
fn content(disk: &Disk) -> String {
    let source = disk.source.as_ref();
    match source {
        None => "empty".into(),
        Some(source) => match (&source.file, &source.pool, &source.volume) {
            (Some(file), _, _) => file.clone(),
            (None, Some(pool), Some(volume)) => [pool.as_str(), volume.as_str()].join("/"),
            _ => "empty".into(),
        },
    }
}

/// Network cards are a list known by its order.
fn nics(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    let (found, wanted) = (&found.devices.interfaces, &wanted.devices.interfaces);
    if wanted.is_empty() {
        return;
    }
    for (index, nic) in wanted.iter().enumerate() {
        let field = |name: &str| format!("nics[{index}]{name}");
        let Some(now) = found.get(index) else {
            drift.differs(field(""), "nothing", plugged(nic), effect);
            continue;
        };
        let mac = |it: &Interface| it.mac.as_ref().map(|mac| mac.address.to_lowercase());
        drift.field(&field(".mac"), mac(now).as_ref(), mac(nic).as_ref(), effect);
        drift.field(&field(".source"), Some(&plugged(now)), Some(&plugged(nic)), effect);
        let model = |it: &Interface| it.model.as_ref().map(|model| model.kind.clone());
        drift.field(&field(".model"), model(now).as_ref(), model(nic).as_ref(), effect);
    }
    for (index, extra) in found.iter().enumerate().skip(wanted.len()) {
        drift.differs(format!("nics[{index}]"), plugged(extra), "nothing", effect);
    }
}

/// What a network card is plugged into, in words.
fn plugged(nic: &Interface) -> String {
    let source = nic.source.as_ref();
    match source.map(|it| (it.network.as_deref(), it.bridge.as_deref())) {
        Some((Some(network), _)) => ["network", network].join(" "),
        Some((None, Some(bridge))) => ["bridge", bridge].join(" "),
        _ => nic.kind.clone(),
    }
}

fn boot_order(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    let words = |domain: &Domain| {
        let mut all: Vec<(u32, String)> = orders(domain).collect();
        all.sort();
        let names: Vec<String> = all.into_iter().map(|it| it.1).collect();
        names.join(", ")
    };
    let then = words(wanted);
    if then.is_empty() {
        return;
    }
    let old = found.os.boot.iter().map(|it| it.dev.as_str()).collect::<Vec<_>>().join(", ");
    let now = if old.is_empty() { words(found) } else { old };
    drift.field("boot_order", Some(&now), Some(&then), effect);
}

fn orders(domain: &Domain) -> impl Iterator<Item = (u32, String)> {
    let disks = domain.devices.disks.iter().map(|it| (it.boot, it.target.dev.clone()));
    let nics = domain.devices.interfaces.iter().enumerate();
    let nics = nics.map(|(index, it)| (it.boot, format!("nics[{index}]")));
    disks.chain(nics).filter_map(|(boot, name)| Some((boot?.order, name)))
}

fn serial(drift: &mut Drift, found: &Domain, wanted: &Domain, effect: ChangeEffect) {
    let path = |domain: &Domain| {
        let first = domain.devices.serials.first()?;
        first.source.as_ref()?.path.clone()
    };
    drift.field("serial_log", path(found).as_ref(), path(wanted).as_ref(), effect);
    if has_agent(wanted) && !has_agent(found) {
        drift.differs("guest_agent", false, true, effect);
    }
}

/// Whether there is a channel to an agent in the guest.
pub(super) fn has_agent(domain: &Domain) -> bool {
    let names = domain.devices.channels.iter().filter_map(|it| it.target.as_ref()?.name.as_deref());
    names.into_iter().any(|name| name == AGENT)
}
