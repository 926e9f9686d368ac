//! The rules that the fields of a network obey together.
use super::{NetworkFields, NetworkMode};
use crate::spec::{Complaint, SpecErrorKind};
use harmony_types::{IpNet, usable_host, whole_network};
use std::{collections::HashSet, hash::Hash, net::IpAddr};

impl NetworkFields {
    pub(crate) fn check(&self) -> Result<(), Complaint> {
        self.check_bridged()?;
        let Some(subnet) = self.subnet else { return self.check_plain_switch() };
        self.check_subnet(&subnet)?;
        self.check_ranges(&subnet)?;
        self.check_leases(&subnet)?;
        self.check_dns()?;
        self.check_network_boot(&subnet)
    }

    /// Which of the fields that need a subnet are set.
    fn addressed(&self) -> Option<&'static str> {
        let set = [
            ("gateway", self.gateway.is_some()),
            ("dhcp", !self.dhcp.is_empty()),
            ("leases", !self.leases.is_empty()),
            ("dns", !self.dns.is_empty()),
            ("domain", self.domain.is_some()),
            ("tftp_root", self.tftp_root.is_some()),
            ("boot", self.boot.is_some()),
        ];
        set.into_iter().find(|(_, set)| *set).map(|(field, _)| field)
    }

    fn check_bridged(&self) -> Result<(), Complaint> {
        if !matches!(self.mode, NetworkMode::HostBridge { .. }) {
            return Ok(());
        }
        let own = self.bridge.as_ref().map(|_| "bridge").or_else(|| self.subnet.map(|_| "subnet"));
        let why = "on a bridge of the host, whoever owns the bridge owns its addresses";
        match own.or_else(|| self.addressed()) {
            Some(field) => {
                complain(field, SpecErrorKind::Excludes { other: "mode host-bridge", why })
            }
            None => Ok(()),
        }
    }

    fn check_plain_switch(&self) -> Result<(), Complaint> {
        let why = "without one the network is a plain switch and answers nothing";
        match self.addressed() {
            Some(field) => complain(field, SpecErrorKind::Needs { other: "subnet", why }),
            None => Ok(()),
        }
    }

    fn check_subnet(&self, subnet: &IpNet) -> Result<(), Complaint> {
        if !whole_network(subnet) {
            let rule =
                "it has bits set beyond its prefix: write the network's address, `192.168.1.0/24`";
            return complain("subnet", SpecErrorKind::Rule(rule));
        }
        if subnet.max_prefix_len() - subnet.prefix_len() < 2 {
            return complain(
                "subnet",
                SpecErrorKind::Rule("it has no room for the host and a machine"),
            );
        }
        self.gateway.map_or(Ok(()), |gateway| host_of(subnet, gateway, "gateway"))
    }

    fn check_ranges(&self, subnet: &IpNet) -> Result<(), Complaint> {
        for (index, range) in self.dhcp.iter().enumerate() {
            host_of(subnet, range.first(), "dhcp")?;
            host_of(subnet, range.last(), "dhcp")?;
            if let Some(other) = self.dhcp[..index].iter().find(|other| other.overlaps(range)) {
                return overlap(range, other);
            }
            if let Some(gateway) = self.gateway_address().filter(|gateway| range.contains(*gateway))
            {
                return overlap(range, &format_args!("the gateway {gateway}"));
            }
        }
        Ok(())
    }

    fn check_leases(&self, subnet: &IpNet) -> Result<(), Complaint> {
        for lease in &self.leases {
            host_of(subnet, lease.ip, "leases.ip")?;
            if Some(lease.ip) == self.gateway_address() {
                return complain("leases.ip", SpecErrorKind::Rule("it is the gateway's address"));
            }
        }
        all_different("leases.mac", self.leases.iter().map(|lease| lease.mac))?;
        all_different("leases.ip", self.leases.iter().map(|lease| lease.ip))?;
        all_different("leases.name", self.leases.iter().filter_map(|lease| lease.name.clone()))
    }

    fn check_dns(&self) -> Result<(), Complaint> {
        if self.dns.iter().any(|host| host.names.is_empty()) {
            return complain(
                "dns.names",
                SpecErrorKind::Rule("an address needs at least one name"),
            );
        }
        all_different("dns.ip", self.dns.iter().map(|host| host.ip))?;
        for host in &self.dns {
            all_different("dns.names", host.names.iter().cloned())?;
        }
        Ok(())
    }

    fn check_network_boot(&self, subnet: &IpNet) -> Result<(), Complaint> {
        let set = self
            .tftp_root
            .as_ref()
            .map(|_| "tftp_root")
            .or_else(|| self.boot.as_ref().map(|_| "boot"));
        if let (Some(field), IpNet::V6(_)) = (set, subnet) {
            return complain(
                field,
                SpecErrorKind::Rule("booting from the network is for IPv4 subnets"),
            );
        }
        if self.tftp_root.as_ref().is_some_and(|root| root.as_str().contains(['"', '\\', '#', ',']))
        {
            let rule = "a DHCP server's configuration has no room for `\"`, `\\`, `#` or `,` in it";
            return complain("tftp_root", SpecErrorKind::Rule(rule));
        }
        self.boot
            .as_ref()
            .map_or(Ok(()), |boot| self.check_boot_file(&boot.file, boot.is_url(), boot.server))
    }

    fn check_boot_file(
        &self,
        file: &str,
        is_url: bool,
        server: Option<IpAddr>,
    ) -> Result<(), Complaint> {
        let word = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '#' | ',');
        if file.is_empty() || file.len() > 255 || !file.chars().all(word) {
            let rule = "it has 1 to 255 printable ASCII characters other than space, `\"`, `\\`, `#` and `,`";
            return complain("boot.file", SpecErrorKind::Rule(rule));
        }
        if self.dhcp.is_empty() && self.leases.is_empty() {
            let why = "it is DHCP that tells machines what to boot";
            return complain("boot", SpecErrorKind::Needs { other: "dhcp or leases", why });
        }
        if server.is_none() && self.tftp_root.is_none() && !is_url {
            let why = "a file that is not a URL comes from a TFTP server: the network's own, or boot.server";
            return complain("boot", SpecErrorKind::Needs { other: "tftp_root", why });
        }
        Ok(())
    }
}

fn complain(field: &str, kind: SpecErrorKind) -> Result<(), Complaint> {
    Err((field.to_owned(), kind))
}

fn overlap(one: &impl ToString, other: &impl ToString) -> Result<(), Complaint> {
    complain("dhcp", SpecErrorKind::Overlap { one: one.to_string(), other: other.to_string() })
}

fn host_of(subnet: &IpNet, address: IpAddr, field: &str) -> Result<(), Complaint> {
    if usable_host(subnet, address) {
        return Ok(());
    }
    let (address, subnet) = (address.to_string(), subnet.to_string());
    complain(field, SpecErrorKind::OutsideSubnet { address, subnet })
}

/// Complains about the first value that was there before.
pub(crate) fn all_different<T: Clone + Eq + Hash + ToString>(
    field: &str,
    values: impl IntoIterator<Item = T>,
) -> Result<(), Complaint> {
    let mut seen = HashSet::new();
    match values.into_iter().find(|value| !seen.insert(value.clone())) {
        Some(twice) => complain(field, SpecErrorKind::Duplicate { value: twice.to_string() }),
        None => Ok(()),
    }
}
