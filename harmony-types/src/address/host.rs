use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::{Hostname, ParseError, text::text_type};

/// A host by its name or by its IP address.
///
/// # Examples
/// ```
/// use harmony_types::HostAddress;
///
/// assert!(matches!("h1.example".parse()?, HostAddress::Name(_)));
/// assert!(matches!("192.0.2.1".parse()?, HostAddress::V4(_)));
/// assert!(matches!("2001:db8::1".parse()?, HostAddress::V6(_)));
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostAddress {
    /// A name, to be looked up.
    Name(Hostname),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address.
    V6(Ipv6Addr),
}

impl HostAddress {
    /// Returns the IP address, where it is one.
    pub fn ip(&self) -> Option<IpAddr> {
        match *self {
            Self::Name(_) => None,
            Self::V4(address) => Some(address.into()),
            Self::V6(address) => Some(address.into()),
        }
    }
}

impl FromStr for HostAddress {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.parse() {
            Ok(IpAddr::V4(address)) => Ok(Self::V4(address)),
            Ok(IpAddr::V6(address)) => Ok(Self::V6(address)),
            Err(_) => text.parse().map(Self::Name),
        }
    }
}

impl From<IpAddr> for HostAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => Self::V6(address),
        }
    }
}

impl From<Hostname> for HostAddress {
    fn from(name: Hostname) -> Self {
        Self::Name(name)
    }
}

/// As it is written alone: an IPv6 address without brackets.
impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

text_type!(HostAddress);
