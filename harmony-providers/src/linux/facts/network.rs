//! Network cards and their addresses, by `ip` or by what the kernel tells.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use harmony_capabilities::host::Interface;
use harmony_types::{InterfaceName, MacAddress};

use crate::linux::reads::Said;

/// The network cards without the loopback, by their names.
pub(super) fn interfaces(said: &Said, ip: &str) -> Vec<Interface> {
    let mut found: BTreeMap<String, Vec<IpAddr>> = BTreeMap::new();
    let mut macs = BTreeMap::new();
    for (path, content) in said.files() {
        let name = path.strip_prefix("/sys/class/net/").and_then(|at| at.strip_suffix("/address"));
        if let Some(name) = name {
            macs.insert(name, mac(content));
            found.entry(name.to_owned()).or_default();
        }
    }
    let addresses = if ip.trim().is_empty() { from_proc(said) } else { from_ip(ip) };
    for (name, address) in addresses {
        found.entry(name).or_default().push(address);
    }
    let cards = found.into_iter().filter(|(name, _)| name != "lo");
    cards
        .filter_map(|(name, addresses)| {
            let mac = macs.get(name.as_str()).copied().flatten();
            Some(Interface { name: name.parse::<InterfaceName>().ok()?, mac, addresses })
        })
        .collect()
}

fn mac(content: &[u8]) -> Option<MacAddress> {
    let text = std::str::from_utf8(content).ok()?.trim();
    text.parse().ok().filter(|_| text != "00:00:00:00:00:00")
}

/// Reads `2: eth0    inet 10.0.0.2/24 brd …`, and `3: veth0@if2    inet6 …`.
fn from_ip(text: &str) -> Vec<(String, IpAddr)> {
    text.lines().filter_map(address).collect()
}

fn address(line: &str) -> Option<(String, IpAddr)> {
    let mut words = line.split_whitespace().skip(1);
    let name = words.next()?.split('@').next()?.trim_end_matches(':');
    if !matches!(words.next()?, "inet" | "inet6") {
        return None;
    }
    let address = words.next()?.split('/').next()?.parse().ok()?;
    Some((name.to_owned(), address))
}

fn from_proc(said: &Said) -> Vec<(String, IpAddr)> {
    let text = |path| said.file(path).map(String::from_utf8_lossy).unwrap_or_default();
    let routes: Vec<Route> = text("/proc/net/route").lines().filter_map(Route::read).collect();
    let mut found: Vec<(String, IpAddr)> = Vec::new();
    for address in local(&text("/proc/net/fib_trie")) {
        if let Some(route) = routes.iter().find(|route| route.holds(address)) {
            found.push((route.interface.clone(), address.into()));
        }
    }
    found.extend(text("/proc/net/if_inet6").lines().filter_map(inet6));
    found
}

/// A network that is reached without a gateway.
struct Route {
    interface: String,
    network: u32,
    mask: u32,
}

impl Route {
    /// Reads `eth0 0002000A 00000000 0001 0 0 0 00FFFFFF …`, where addresses stand in the order of the network.
    fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| u32::from_str_radix(words.get(at)?, 16).ok();
        // Written as the number that four bytes of the network are on a little-endian host.
        let address = |at| number(at).map(u32::swap_bytes);
        let direct = number(2)? == 0 && number(7)? != 0;
        let interface = (*words.first()?).to_owned();
        direct.then_some(Self { interface, network: address(1)?, mask: address(7)? })
    }

    fn holds(&self, address: Ipv4Addr) -> bool {
        address.to_bits() & self.mask == self.network
    }
}

/// The host's own addresses: a leaf `|-- 10.0.2.15` whose next line is `/32 host LOCAL`.
fn local(trie: &str) -> Vec<Ipv4Addr> {
    let mut found: Vec<Ipv4Addr> = Vec::new();
    let mut last = None;
    for line in trie.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address.parse().ok();
        } else if line == "/32 host LOCAL"
            && let Some(address) = last.take()
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

/// Reads `fe80000000000000500fedfffe000001 02 40 20 80 eth0`.
fn inet6(line: &str) -> Option<(String, IpAddr)> {
    let mut words = line.split_whitespace();
    let bits = words.next().filter(|digits| digits.len() == 32)?;
    let address = Ipv6Addr::from_bits(u128::from_str_radix(bits, 16).ok()?);
    Some((words.nth(4)?.to_owned(), address.into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ip_tells_a_line_an_address() {
        let text = "1: lo    inet 127.0.0.1/8 scope host lo\\ valid_lft forever\n\
                    2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0\n\
                    3: ve@if2    inet6 fe80::1/64 scope link\n\
                    4: x    link/ether 52:54:00:00:00:01\n";
        let found = from_ip(text);
        assert_eq!(found.len(), 3);
        assert_eq!(found[1], ("eth0".to_owned(), "10.0.0.2".parse().unwrap()));
        assert_eq!(found[2], ("ve".to_owned(), "fe80::1".parse().unwrap()));
    }

    #[test]
    fn the_kernel_tells_them_too() {
        let trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.2.0\n        /24 link UNICAST\n     \
                    |-- 10.0.2.15\n        /32 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n";
        assert_eq!(local(trie), [Ipv4Addr::new(10, 0, 2, 15), Ipv4Addr::LOCALHOST]);
        let route =
            Route::read("eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0").unwrap();
        assert!(route.holds(Ipv4Addr::new(10, 0, 2, 15)));
        assert!(!route.holds(Ipv4Addr::new(10, 0, 3, 15)));
        assert!(Route::read("eth0 00000000 0102000A 0003 0 0 0 00000000 0 0 0").is_none());
        let line = "fe80000000000000505400fffe000001 02 40 20 80     eth0";
        assert_eq!(inet6(line), Some(("eth0".to_owned(), "fe80::5054:ff:fe00:1".parse().unwrap())));
    }

    proptest! {
        #[test]
        fn whatever_a_host_says_is_no_panic(text in "(\\PC|[\n\t |/@:])*") {
            drop((from_ip(&text), local(&text)));
            drop(text.lines().map(|line| (Route::read(line).is_some(), inet6(line))).collect::<Vec<_>>());
        }
    }
}
