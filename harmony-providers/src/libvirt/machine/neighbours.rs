//! The host's own table of neighbours, for when libvirt cannot read it.
//!
//! libvirt 9.0 fails on the table of newer kernels (seen with Linux 6.18: "wrong nlmsg len"),
//! because those put the end of the list into its last message. On this very machine, and on a host
//! that runs commands, the same table can be read without libvirt.

use std::net::IpAddr;

use harmony_types::MacAddress;

use super::super::view::View;

const TABLE: &str = "/proc/net/arp";
/// The flag of an entry whose hardware address is known.
const COMPLETE: u32 = 0x2;

/// The neighbours of the host; none where the table cannot be read.
pub(super) async fn neighbours(view: &View) -> Vec<(MacAddress, IpAddr)> {
    match view.file(TABLE).await {
        Ok(Some(table)) => {
            String::from_utf8_lossy(&table).lines().skip(1).filter_map(entry).collect()
        }
        Ok(None) => Vec::new(),
        Err(error) => {
            log::debug!("reading {TABLE}: {error}");
            Vec::new()
        }
    }
}

fn entry(line: &str) -> Option<(MacAddress, IpAddr)> {
    let mut columns = line.split_whitespace();
    let ip = columns.next()?.parse().ok()?;
    let flags = columns.nth(1)?.strip_prefix("0x")?;
    let known = u32::from_str_radix(flags, 16).ok()? & COMPLETE != 0;
    known.then_some((columns.next()?.parse().ok()?, ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_an_entry_whose_address_is_known() {
        let known =
            "10.0.0.10        0x1         0x2         52:54:00:00:00:0a     *        virbr0";
        let (mac, ip) = entry(known).unwrap();
        assert_eq!((mac, ip), (MacAddress::qemu([0, 0, 10]), [10, 0, 0, 10].into()));
        let asked_for =
            "10.0.0.11        0x1         0x0         00:00:00:00:00:00     *        virbr0";
        assert_eq!(entry(asked_for), None);
        assert_eq!(entry("IP address       HW type     Flags"), None);
    }
}
