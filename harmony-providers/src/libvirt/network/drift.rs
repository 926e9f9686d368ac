//! How a network differs from what is wanted.

use harmony_phases::score::ChangeEffect;

use super::super::drift::Drift;
use super::super::raw::{NetworkEdit, NetworkSection};
use super::super::xml::{Dhcp, DhcpHost, DnsHost, Ip, Network, XmlError, write};

/// One edit that a running network can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) kind: NetworkEdit,
    pub(super) section: NetworkSection,
    pub(super) xml: String,
}

/// What it takes to get from what is there to what is wanted.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) drift: Drift,
    /// Edits of the running network; they are written to its definition too.
    pub(super) edits: Vec<Edit>,
    /// Whether the definition has to be written anew, to be used when the network next starts.
    pub(super) redefine: bool,
}

/// Compares what the spec set.
pub(super) fn compare(
    found: &Network,
    wanted: &Network,
    active: bool,
) -> Result<Changes, XmlError> {
    let mut changes = Changes::default();
    let effect = if active { ChangeEffect::AfterRestart } else { ChangeEffect::Live };
    frame(&mut changes.drift, found, wanted, effect);
    let (ip_found, ip_wanted) = (found.ips.first(), wanted.ips.first());
    if let Some(wanted) = ip_wanted {
        addresses(&mut changes.drift, ip_found, wanted, effect);
    }
    changes.redefine = !changes.drift.is_empty();
    leases(&mut changes, dhcp(ip_found), dhcp(ip_wanted), active)?;
    names(&mut changes, found, wanted, active)?;
    Ok(changes)
}

fn dhcp(ip: Option<&Ip>) -> Option<&Dhcp> {
    ip.and_then(|ip| ip.dhcp.as_ref())
}

/// Mode, bridge and domain.
fn frame(drift: &mut Drift, found: &Network, wanted: &Network, effect: ChangeEffect) {
    let (now, then) = (mode(found), mode(wanted));
    if now != then {
        drift.differs("mode", now, then, effect);
    }
    let dev = |network: &Network| network.forward.as_ref().and_then(|it| it.dev.clone());
    drift.field("mode.dev", dev(found).as_ref(), dev(wanted).as_ref(), effect);
    let bridge = |network: &Network| network.bridge.as_ref().and_then(|it| it.name.clone());
    drift.field("bridge", bridge(found).as_ref(), bridge(wanted).as_ref(), effect);
    let domain = |network: &Network| network.domain.as_ref().map(|it| it.name.clone());
    drift.field("domain", domain(found).as_ref(), domain(wanted).as_ref(), effect);
}

/// `<forward/>` alone means NAT, and none at all an isolated network.
fn mode(network: &Network) -> &str {
    match &network.forward {
        None => "isolated",
        Some(forward) => forward.mode.as_deref().unwrap_or("nat"),
    }
}

/// Subnet, ranges, TFTP and what is booted.
fn addresses(drift: &mut Drift, found: Option<&Ip>, wanted: &Ip, effect: ChangeEffect) {
    let now = found.map(written);
    let then = written(wanted);
    drift.field("subnet", now.as_ref(), Some(&then), effect);
    let ranges = |dhcp: Option<&Dhcp>| {
        let mut ranges: Vec<String> = dhcp
            .map(|it| it.ranges.iter().map(|it| [&*it.start, &*it.end].join("-")).collect())
            .unwrap_or_default();
        ranges.sort();
        (!ranges.is_empty()).then(|| ranges.join(", "))
    };
    let (now, then) = (dhcp(found), wanted.dhcp.as_ref());
    drift.field("dhcp", ranges(now).as_ref(), ranges(then).as_ref(), effect);
    let root = |ip: Option<&Ip>| ip.and_then(|it| it.tftp.as_ref()).map(|it| it.root.clone());
    drift.field("tftp_root", root(found).as_ref(), root(Some(wanted)).as_ref(), effect);
    let boot = |dhcp: Option<&Dhcp>| {
        dhcp.and_then(|it| it.bootp.as_ref()).map(|it| match &it.server {
            Some(server) => format!("{} from {server}", it.file),
            None => it.file.clone(),
        })
    };
    drift.field("boot", boot(now).as_ref(), boot(then).as_ref(), effect);
}

/// The host's address and its prefix, which may be spelled as a netmask.
fn written(ip: &Ip) -> String {
    let from_mask = || {
        let mask: std::net::Ipv4Addr = ip.netmask.as_deref()?.parse().ok()?;
        u8::try_from(u32::from(mask).count_ones()).ok()
    };
    match ip.prefix.or_else(from_mask) {
        Some(prefix) => format!("{}/{prefix}", ip.address),
        None => ip.address.clone(),
    }
}

/// Fixed leases, which a running network takes at once where it serves DHCP already.
fn leases(
    changes: &mut Changes,
    found: Option<&Dhcp>,
    wanted: Option<&Dhcp>,
    active: bool,
) -> Result<(), XmlError> {
    let wanted = wanted.map(|it| &*it.hosts).unwrap_or_default();
    if wanted.is_empty() {
        return Ok(());
    }
    let serves = found.is_some();
    let found = found.map(|it| &*it.hosts).unwrap_or_default();
    let same = |a: &DhcpHost, b: &DhcpHost| {
        let mac = |host: &DhcpHost| host.mac.as_deref().map(str::to_lowercase);
        mac(a) == mac(b) && a.ip == b.ip && (b.name.is_none() || a.name == b.name)
    };
    let gone = found.iter().filter(|host| !wanted.iter().any(|it| same(host, it)));
    let new = wanted.iter().filter(|host| !found.iter().any(|it| same(it, host)));
    let section = NetworkSection::DhcpHost;
    let spell = |host: &DhcpHost| [host.mac.as_deref().unwrap_or("any"), &host.ip].join(" → ");
    record(
        changes,
        "leases",
        section,
        gone.map(|it| (it, spell(it))),
        new.map(|it| (it, spell(it))),
        active && serves,
    )
}

/// Names in DNS.
fn names(
    changes: &mut Changes,
    found: &Network,
    wanted: &Network,
    active: bool,
) -> Result<(), XmlError> {
    let hosts = |network: &Network| network.dns.as_ref().map(|it| it.hosts.clone());
    let wanted = hosts(wanted).unwrap_or_default();
    if wanted.is_empty() {
        return Ok(());
    }
    let found = hosts(found).unwrap_or_default();
    let sorted = |host: &DnsHost| {
        let mut names = host.names.clone();
        names.sort();
        names
    };
    let same = |a: &DnsHost, b: &DnsHost| a.ip == b.ip && sorted(a) == sorted(b);
    let gone = found.iter().filter(|host| !wanted.iter().any(|it| same(host, it)));
    let new = wanted.iter().filter(|host| !found.iter().any(|it| same(it, host)));
    let section = NetworkSection::DnsHost;
    let spell = |host: &DnsHost| [&*host.ip, &host.names.join(" ")].join(" → ");
    record(
        changes,
        "dns",
        section,
        gone.map(|it| (it, spell(it))),
        new.map(|it| (it, spell(it))),
        active,
    )
}

/// Writes down what goes and what comes: as edits of a running network, or for its definition.
fn record<'a, H: serde::Serialize + 'a>(
    changes: &mut Changes,
    field: &str,
    section: NetworkSection,
    gone: impl Iterator<Item = (&'a H, String)>,
    new: impl Iterator<Item = (&'a H, String)>,
    editable: bool,
) -> Result<(), XmlError> {
    let gone = gone.map(|(host, text)| (NetworkEdit::Delete, host, text));
    let new = new.map(|(host, text)| (NetworkEdit::Add, host, text));
    for (edit, host, text) in gone.chain(new) {
        let (found, wanted) = match edit {
            NetworkEdit::Delete => (text.as_str(), "nothing"),
            NetworkEdit::Add => ("nothing", text.as_str()),
        };
        changes.drift.differs(field, found, wanted, ChangeEffect::Live);
        if editable {
            changes.edits.push(Edit { kind: edit, section, xml: write("a host entry", host)? });
        } else {
            changes.redefine = true;
        }
    }
    Ok(())
}
