use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use harmony_types::{Hostname, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

use super::DnsName;
use crate::keeping::{Difference, Item, differs};

/// One record: a name, and where it leads.
///
/// A name has one record of each kind. Several addresses for one name are a poor man's load balancer; use
/// [`LoadBalancer`](crate::network::LoadBalancer).
///
/// ```
/// use harmony_capabilities::network::DnsRecord;
/// let api = DnsRecord::address("api.okd.example".parse()?, [192, 168, 100, 5])?;
/// assert_eq!(api.to_string(), "api.okd.example A 192.168.100.5");
/// assert!(DnsRecord::alias(api.name().clone(), "api.okd.example".parse()?).is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct DnsRecord {
    name: DnsName,
    data: RecordData,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordData {
    /// To an IPv4 address.
    A(Ipv4Addr),
    /// To an IPv6 address.
    Aaaa(Ipv6Addr),
    /// To wherever another name leads.
    Cname(Hostname),
}

/// What kind a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RecordKind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// An alias.
    Cname,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: DnsName,
    data: RecordData,
}

impl DnsRecord {
    /// Leads `name` to an address.
    ///
    /// # Errors
    /// When nothing answers at such an address: unspecified or multicast.
    pub fn address(name: DnsName, address: impl Into<IpAddr>) -> Result<Self, ParseError> {
        let data = match address.into() {
            IpAddr::V4(address) => RecordData::A(address),
            IpAddr::V6(address) => RecordData::Aaaa(address),
        };
        Self::new(name, data)
    }

    /// Leads `name` wherever `target` leads.
    ///
    /// # Errors
    /// When the name is its own target.
    pub fn alias(name: DnsName, target: Hostname) -> Result<Self, ParseError> {
        Self::new(name, RecordData::Cname(target))
    }

    /// Leads `name` to `data`.
    ///
    /// # Errors
    /// As for [`address`](Self::address) and [`alias`](Self::alias).
    pub fn new(name: DnsName, data: RecordData) -> Result<Self, ParseError> {
        let address = match &data {
            RecordData::A(address) => Some(IpAddr::V4(*address)),
            RecordData::Aaaa(address) => Some(IpAddr::V6(*address)),
            RecordData::Cname(_) => None,
        };
        let rule = match (&data, address) {
            (_, Some(address)) if address.is_unspecified() => {
                "the unspecified address leads nowhere"
            }
            (_, Some(address)) if address.is_multicast() => {
                "a multicast address belongs to a group, and a name leads to one machine"
            }
            (RecordData::Cname(target), _) if !name.is_wildcard() && name.host() == target => {
                "a name cannot be an alias of itself"
            }
            _ => return Ok(Self { name, data }),
        };
        Err(ParseError::new("DNS record", &format!("{name} {data}"), ParseErrorKind::Rule(rule)))
    }

    /// The name.
    pub const fn name(&self) -> &DnsName {
        &self.name
    }

    /// Where it leads.
    pub const fn data(&self) -> &RecordData {
        &self.data
    }

    /// What kind it is of.
    pub const fn kind(&self) -> RecordKind {
        match self.data {
            RecordData::A(_) => RecordKind::A,
            RecordData::Aaaa(_) => RecordKind::Aaaa,
            RecordData::Cname(_) => RecordKind::Cname,
        }
    }
}

impl TryFrom<Fields> for DnsRecord {
    type Error = ParseError;

    fn try_from(fields: Fields) -> Result<Self, ParseError> {
        Self::new(fields.name, fields.data)
    }
}

impl From<DnsRecord> for Fields {
    fn from(record: DnsRecord) -> Self {
        Self { name: record.name, data: record.data }
    }
}

impl fmt::Display for DnsRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.data)
    }
}

impl fmt::Display for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(address) => write!(f, "A {address}"),
            Self::Aaaa(address) => write!(f, "AAAA {address}"),
            Self::Cname(target) => write!(f, "CNAME {target}"),
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
        })
    }
}

impl Item for DnsRecord {
    const KIND: &'static str = "DNS record";

    fn key(&self) -> String {
        format!("{} {}", self.name, self.kind())
    }

    fn same(&self, other: &Self) -> bool {
        self.name == other.name && self.kind() == other.kind()
    }

    fn differences(&self, found: &Self) -> Vec<Difference> {
        differs("data", &found.data, &self.data, ToString::to_string).into_iter().collect()
    }

    fn clash(&self, other: &Self) -> Option<String> {
        let alias = [self, other].iter().any(|record| record.kind() == RecordKind::Cname);
        (alias && self.name == other.name)
            .then(|| "has the same name, and an alias has no other records".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DnsName {
        text.parse().unwrap()
    }

    #[test]
    fn records_that_lead_nowhere_are_refused_by_rule() {
        let refusal = |data| DnsRecord::new(name("a.example"), data).unwrap_err().to_string();
        assert!(refusal(RecordData::A(Ipv4Addr::UNSPECIFIED)).contains("leads nowhere"));
        assert!(refusal(RecordData::Aaaa("ff02::1".parse().unwrap())).contains("multicast"));
        assert!(refusal(RecordData::Cname("a.example".parse().unwrap())).contains("of itself"));
        let text = r#"{"name":"a","data":{"a":"0.0.0.0"}}"#;
        serde_json::from_str::<DnsRecord>(text).unwrap_err();
    }

    #[test]
    fn an_alias_stands_alone() {
        let address = DnsRecord::address(name("web"), [10, 0, 0, 1]).unwrap();
        let alias = DnsRecord::alias(name("web"), "www".parse().unwrap()).unwrap();
        assert!(address.clash(&alias).is_some() && alias.clash(&address).is_some());
        let v6 = DnsRecord::address(name("web"), "fd00::1".parse::<Ipv6Addr>().unwrap()).unwrap();
        assert_eq!(address.clash(&v6), None);
    }
}
