//! What is asked of a subnet beyond what `ipnet` answers.
use crate::IpNet;
use std::net::IpAddr;

/// Says whether a host of the subnet can have this address: inside it, and neither its network nor
/// its broadcast address.
///
/// Subnets of one or two addresses (`/31`, `/32`, `/127`, `/128`) reserve none.
///
/// # Examples
/// ```
/// use harmony_types::usable_host;
///
/// let subnet = "10.0.0.0/24".parse()?;
/// assert!(usable_host(&subnet, [10, 0, 0, 1].into()));
/// assert!(!usable_host(&subnet, [10, 0, 0, 255].into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn usable_host(subnet: &IpNet, address: IpAddr) -> bool {
    let small = subnet.max_prefix_len() - subnet.prefix_len() <= 1;
    let reserved =
        address == subnet.network() || (address.is_ipv4() && address == subnet.broadcast());
    subnet.contains(&address) && (small || !reserved)
}

/// Says whether a subnet is written by its network address: `10.0.0.0/24`, not `10.0.0.7/24`.
pub fn whole_network(subnet: &IpNet) -> bool {
    subnet.addr() == subnet.network()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_outside_addresses_are_not_hosts() {
        let usable = |subnet: &str, address: &str| {
            usable_host(&subnet.parse().unwrap(), address.parse().unwrap())
        };
        assert!(usable("10.0.0.0/31", "10.0.0.0") && usable("fd00::/64", "fd00::1"));
        assert!(usable("fd00::/64", "fd00::ffff:ffff:ffff:ffff"));
        assert!(!usable("10.0.0.0/24", "10.0.0.0") && !usable("10.0.0.0/24", "10.0.1.1"));
        assert!(!usable("10.0.0.0/24", "fd00::1") && !usable("fd00::/64", "fd00::"));
    }

    #[test]
    fn a_network_has_no_host_bits() {
        assert!(whole_network(&"10.0.0.0/24".parse().unwrap()));
        assert!(!whole_network(&"10.0.0.7/24".parse().unwrap()));
    }
}
