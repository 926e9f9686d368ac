use std::{fmt, net::Ipv4Addr};

use harmony_types::{Hostname, MacAddress, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

use super::BootFile;
use crate::keeping::{Difference, Item, differs, or_none};

/// The address that a DHCP server gives to one network card, always the same.
///
/// IPv4 only: DHCPv6 knows machines by other means than their cards' addresses.
///
/// ```
/// use harmony_capabilities::network::Reservation;
/// let web = Reservation::new("52:54:00:00:00:0a".parse()?, [192, 168, 100, 10])?
///     .hostname("web".parse()?);
/// assert_eq!(web.to_string(), "52:54:00:00:00:0a gets 192.168.100.10 as web");
/// assert!(Reservation::new(web.mac(), [224, 0, 0, 1]).is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Reservation {
    mac: MacAddress,
    ip: Ipv4Addr,
    hostname: Option<Hostname>,
    boot: Option<BootFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    mac: MacAddress,
    ip: Ipv4Addr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hostname: Option<Hostname>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boot: Option<BootFile>,
}

impl Reservation {
    /// Gives the card `mac` the address `ip`.
    ///
    /// # Errors
    /// When no machine can have the address: unspecified, loopback, multicast, broadcast or link-local.
    pub fn new(mac: MacAddress, ip: impl Into<Ipv4Addr>) -> Result<Self, ParseError> {
        let ip = ip.into();
        match rule(ip) {
            None => Ok(Self { mac, ip, hostname: None, boot: None }),
            Some(rule) => {
                let kind = ParseErrorKind::Rule(rule);
                Err(ParseError::new("reserved address", &ip.to_string(), kind))
            }
        }
    }

    /// Tells the machine its name.
    #[must_use]
    pub fn hostname(mut self, hostname: Hostname) -> Self {
        self.hostname = Some(hostname);
        self
    }

    /// Tells the machine what to boot when it boots from the network.
    #[must_use]
    pub fn boot(mut self, server: impl Into<Ipv4Addr>, path: crate::network::TftpPath) -> Self {
        self.boot = Some(BootFile { server: server.into(), path });
        self
    }

    /// The card.
    pub const fn mac(&self) -> MacAddress {
        self.mac
    }

    /// The address.
    pub const fn ip(&self) -> Ipv4Addr {
        self.ip
    }

    /// The name the machine is told.
    pub const fn name(&self) -> Option<&Hostname> {
        self.hostname.as_ref()
    }

    /// What the machine is told to boot.
    pub const fn boot_file(&self) -> Option<&BootFile> {
        self.boot.as_ref()
    }
}

fn rule(ip: Ipv4Addr) -> Option<&'static str> {
    if ip.octets()[0] == 0 {
        Some("no machine has an address that begins with 0")
    } else if ip.is_loopback() {
        Some("it is a loopback address, which never leaves a machine")
    } else if ip.is_multicast() {
        Some("it is a multicast address, which belongs to a group")
    } else if ip.octets()[0] >= 240 {
        Some("it is a broadcast or reserved address")
    } else if ip.is_link_local() {
        Some("it is a link-local address, which machines choose themselves")
    } else {
        None
    }
}

impl TryFrom<Fields> for Reservation {
    type Error = ParseError;

    fn try_from(fields: Fields) -> Result<Self, ParseError> {
        let Fields { mac, ip, hostname, boot } = fields;
        Ok(Self { hostname, boot, ..Self::new(mac, ip)? })
    }
}

impl From<Reservation> for Fields {
    fn from(reservation: Reservation) -> Self {
        let Reservation { mac, ip, hostname, boot } = reservation;
        Self { mac, ip, hostname, boot }
    }
}

impl fmt::Display for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} gets {}", self.mac, self.ip)?;
        if let Some(hostname) = &self.hostname {
            write!(f, " as {hostname}")?;
        }
        match &self.boot {
            Some(boot) => write!(f, ", boots {boot}"),
            None => Ok(()),
        }
    }
}

impl Item for Reservation {
    const KIND: &'static str = "reservation";

    fn key(&self) -> String {
        self.mac.to_string()
    }

    fn same(&self, other: &Self) -> bool {
        self.mac == other.mac
    }

    fn differences(&self, found: &Self) -> Vec<Difference> {
        [
            differs("ip", &found.ip, &self.ip, ToString::to_string),
            differs("hostname", &found.hostname, &self.hostname, |name| or_none(name.as_ref())),
            differs("boot", &found.boot, &self.boot, |boot| or_none(boot.as_ref())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn clash(&self, other: &Self) -> Option<String> {
        if self.ip == other.ip {
            return Some(format!("has the address {}", self.ip));
        }
        let name = self.hostname.as_ref().filter(|name| other.hostname.as_ref() == Some(name))?;
        Some(format!("has the host name `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: MacAddress = MacAddress::qemu([0, 0, 1]);

    #[test]
    fn addresses_that_no_machine_has_are_refused_by_rule() {
        for (ip, rule) in [
            ([0, 0, 0, 0], "begins with 0"),
            ([127, 0, 0, 1], "loopback"),
            ([224, 0, 0, 251], "multicast"),
            ([255, 255, 255, 255], "broadcast"),
            ([169, 254, 1, 1], "link-local"),
        ] {
            let refusal = Reservation::new(MAC, ip).unwrap_err().to_string();
            assert!(refusal.contains(rule), "{refusal}");
        }
        let text = r#"{"mac":"52:54:00:00:00:01","ip":"224.0.0.1"}"#;
        let refusal = serde_json::from_str::<Reservation>(text).unwrap_err().to_string();
        assert!(refusal.contains("multicast"), "{refusal}");
    }

    #[test]
    fn one_address_for_two_cards_is_a_clash() {
        let one = Reservation::new(MAC, [10, 0, 0, 1]).unwrap();
        let other = Reservation::new(MacAddress::qemu([0, 0, 2]), [10, 0, 0, 1]).unwrap();
        assert_eq!(one.clash(&other).unwrap(), "has the address 10.0.0.1");
    }
}
