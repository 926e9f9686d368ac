use crate::{IpNet, ParseError, ParseErrorKind, text::text_type};
use std::{fmt, net::IpAddr, str::FromStr};

/// Consecutive addresses of one family, from the first to the last, both included.
///
/// # Examples
/// ```
/// use harmony_types::AddressRange;
///
/// let range: AddressRange = "10.0.0.10-10.0.0.99".parse()?;
/// assert_eq!(range.count(), 90);
/// assert!("10.0.0.99-10.0.0.10".parse::<AddressRange>().is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    const WHAT: &'static str = "address range";

    /// Takes the first and the last address.
    ///
    /// # Errors
    /// When the last comes before the first, or when one is IPv4 and the other IPv6.
    pub fn new(first: impl Into<IpAddr>, last: impl Into<IpAddr>) -> Result<Self, ParseError> {
        let (first, last) = (first.into(), last.into());
        Self::check(first, last)
            .map_err(|kind| ParseError::new(Self::WHAT, &format!("{first}-{last}"), kind))
    }

    fn check(first: IpAddr, last: IpAddr) -> Result<Self, ParseErrorKind> {
        if first.is_ipv4() != last.is_ipv4() {
            return Err(ParseErrorKind::Rule("both ends are of one family, IPv4 or IPv6"));
        }
        if last < first {
            return Err(ParseErrorKind::Rule(
                "it is backwards: its last address comes before its first",
            ));
        }
        Ok(Self { first, last })
    }

    /// Returns the first address.
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// Returns the last address.
    pub const fn last(&self) -> IpAddr {
        self.last
    }

    /// Returns how many addresses there are; the whole of IPv6 counts as one less than it has.
    pub fn count(&self) -> u128 {
        let distance = match (self.first, self.last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => u128::from(last.to_bits() - first.to_bits()),
            (IpAddr::V6(first), IpAddr::V6(last)) => last.to_bits() - first.to_bits(),
            _ => 0, // invariant: both ends are of one family, `check` saw to it
        };
        distance.saturating_add(1)
    }

    /// Says whether an address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && (self.first..=self.last).contains(&address)
    }

    /// Says whether the ranges have an address in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.first.is_ipv4() == other.first.is_ipv4()
            && self.first <= other.last
            && other.first <= self.last
    }

    /// Says whether the whole range lies inside a subnet.
    pub fn is_within(&self, subnet: &IpNet) -> bool {
        subnet.contains(&self.first) && subnet.contains(&self.last)
    }
}

impl FromStr for AddressRange {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |kind| ParseError::new(Self::WHAT, text, kind);
        let malformed = || {
            refuse(ParseErrorKind::Malformed { expected: "two addresses with `-` between them" })
        };
        let (first, last) = text.split_once('-').ok_or_else(malformed)?;
        let address = |part: &str| part.trim_matches(' ').parse().map_err(|_| malformed());
        Self::check(address(first)?, address(last)?).map_err(refuse)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl fmt::Debug for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

text_type!(AddressRange);

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> AddressRange {
        text.parse().unwrap()
    }

    #[test]
    fn ends_are_included() {
        let low = range("10.0.0.1 - 10.0.0.9");
        assert!(low.overlaps(&range("10.0.0.9-10.0.0.20")));
        assert!(!low.overlaps(&range("10.0.0.10-10.0.0.20")));
        assert!(!low.overlaps(&range("::a-::b")));
        assert!(low.contains([10, 0, 0, 9].into()) && !low.contains([10, 0, 0, 10].into()));
        assert!(low.is_within(&"10.0.0.0/28".parse().unwrap()));
        assert!(!low.is_within(&"10.0.0.0/29".parse().unwrap()));
        assert_eq!(range("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").count(), u128::MAX);
    }

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |text: &str| text.parse::<AddressRange>().unwrap_err().to_string();
        assert!(refusal("10.0.0.9-10.0.0.1").contains("backwards"));
        assert!(refusal("10.0.0.9-::1").contains("one family"));
        for malformed in ["", "10.0.0.1", "10.0.0.1-", "a-b"] {
            assert!(refusal(malformed).contains("two addresses"), "{malformed}");
        }
    }
}
