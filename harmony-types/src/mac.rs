use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, str::FromStr};

/// The address of one network card (EUI-48): never all zeroes and never a group address.
///
/// Read as `52:54:00:ab:cd:ef` or `52-54-00-AB-CD-EF`, written in the first form.
///
/// # Examples
/// ```
/// use harmony_types::MacAddress;
///
/// let mac: MacAddress = "52:54:00:00:00:0a".parse()?;
/// assert_eq!(mac, MacAddress::qemu([0, 0, 10]));
///
/// let group = "01:00:5e:00:00:fb".parse::<MacAddress>().unwrap_err();
/// assert!(group.to_string().contains("multicast"));
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress([u8; 6]);

impl MacAddress {
    const WHAT: &'static str = "MAC address";

    /// Takes the six bytes of a card's address.
    ///
    /// # Errors
    /// When it is all zeroes, or a group (multicast or broadcast) address, which no card can have.
    pub fn new(bytes: [u8; 6]) -> Result<Self, ParseError> {
        Self::card(bytes).map_err(|kind| ParseError::new(Self::WHAT, &spell(bytes), kind))
    }

    /// Returns the address with these last three bytes in the range that virtual machines use,
    /// `52:54:00`.
    pub const fn qemu(last: [u8; 3]) -> Self {
        Self([0x52, 0x54, 0x00, last[0], last[1], last[2]])
    }

    /// Returns the six bytes.
    pub const fn octets(self) -> [u8; 6] {
        self.0
    }

    /// Says whether the address was made up locally rather than assigned by a manufacturer.
    pub const fn is_local(self) -> bool {
        self.0[0] & 0b10 != 0
    }

    fn card(bytes: [u8; 6]) -> Result<Self, ParseErrorKind> {
        if bytes == [0; 6] {
            return Err(ParseErrorKind::Rule("no network card has the all-zero address"));
        }
        if bytes[0] & 1 != 0 {
            return Err(ParseErrorKind::Rule(
                "it is a multicast address (the first byte is odd), and a network card needs a unicast one",
            ));
        }
        Ok(Self(bytes))
    }
}

impl FromStr for MacAddress {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read_octets(text)
            .and_then(Self::card)
            .map_err(|kind| ParseError::new(Self::WHAT, text, kind))
    }
}

fn read_octets(text: &str) -> Result<[u8; 6], ParseErrorKind> {
    const SHAPE: ParseErrorKind = ParseErrorKind::Malformed {
        expected: "six pairs of hexadecimal digits with `:` or with `-` between them",
    };
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((found, at)) =
        crate::text::first_forbidden(text, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '-'))
    {
        let allowed = "hexadecimal digits, `:` and `-`";
        return Err(ParseErrorKind::ForbiddenCharacter { found, at, allowed });
    }
    let separator = if text.contains('-') { '-' } else { ':' };
    let mut octets = [0; 6];
    let mut parts = text.split(separator);
    for octet in &mut octets {
        let part = parts.next().filter(|part| part.len() == 2).ok_or(SHAPE)?;
        *octet = u8::from_str_radix(part, 16).map_err(|_| SHAPE)?;
    }
    if parts.next().is_some() { Err(SHAPE) } else { Ok(octets) }
}

fn spell(octets: [u8; 6]) -> String {
    octets.map(|octet| format!("{octet:02x}")).join(":")
}

impl TryFrom<[u8; 6]> for MacAddress {
    type Error = ParseError;

    fn try_from(bytes: [u8; 6]) -> Result<Self, ParseError> {
        Self::new(bytes)
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spell(self.0))
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

text_type!(MacAddress);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<MacAddress>().unwrap_err().to_string()
    }

    #[test]
    fn both_separators_and_both_cases_are_one_address() {
        let spellings = ["52:54:00:ab:cd:ef", "52-54-00-AB-CD-EF", "52:54:00:AB:cd:EF"];
        let read: Vec<MacAddress> = spellings.iter().map(|s| s.parse().unwrap()).collect();
        assert_eq!(read, [MacAddress::qemu([0xab, 0xcd, 0xef]); 3]);
        assert!(read[0].is_local());
    }

    #[test]
    fn each_refusal_names_its_rule() {
        assert!(refusal("00:00:00:00:00:00").contains("all-zero"));
        assert!(refusal("ff:ff:ff:ff:ff:ff").contains("multicast"));
        assert!(refusal("52:54:00:ab:cd:eg").contains("'g' at position 17"));
        for malformed in
            ["52:54:00:ab:cd", "52:54:00:ab:cd:ef:01", "52:54-00:ab:cd:ef", "525400abcdef", ":::::"]
        {
            assert!(refusal(malformed).contains("six pairs"), "{malformed}");
        }
        assert!(refusal("").contains("empty"));
        assert!(MacAddress::new([1, 0, 0, 0, 0, 0]).unwrap_err().to_string().contains("01:00:00"));
    }
}
