use crate::{ParseError, ParseErrorKind, text::text_type};
use std::{fmt, str::FromStr};

/// An exact number of bytes, read and written with a unit.
///
/// `4 GiB`, `4096MiB` and `4294967296` are equal. Fractions are accepted where they are a whole
/// number of bytes (`1.5 GiB`). It is written with the largest binary unit that divides it, so
/// nothing is lost on the way.
///
/// # Examples
/// ```
/// use harmony_types::ByteSize;
///
/// const MEMORY: ByteSize = ByteSize::gib(4);
/// assert_eq!("4194304 KiB".parse::<ByteSize>()?, MEMORY);
/// assert_eq!(MEMORY.to_string(), "4 GiB");
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

impl ByteSize {
    const WHAT: &'static str = "size";

    /// Returns a size of that many bytes.
    pub const fn bytes(count: u64) -> Self {
        Self(count)
    }

    /// Returns a size of that many KiB (1024 bytes).
    pub const fn kib(count: u32) -> Self {
        Self((count as u64) << 10)
    }

    /// Returns a size of that many MiB (1024 KiB).
    pub const fn mib(count: u32) -> Self {
        Self((count as u64) << 20)
    }

    /// Returns a size of that many GiB (1024 MiB).
    pub const fn gib(count: u32) -> Self {
        Self((count as u64) << 30)
    }

    /// Returns the number of bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// Returns the number of whole KiB, rounded up: what a product that counts in KiB must be asked
    /// for.
    pub const fn as_kib_ceil(self) -> u64 {
        self.0.div_ceil(1 << 10)
    }

    /// Returns the size of `count` units of `unit` bytes, or nothing if it does not fit into 64
    /// bits.
    pub const fn checked_mul(count: u64, unit: u64) -> Option<Self> {
        match count.checked_mul(unit) {
            Some(bytes) => Some(Self(bytes)),
            None => None,
        }
    }
}

impl FromStr for ByteSize {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).map(Self).map_err(|kind| ParseError::new(Self::WHAT, text, kind))
    }
}

fn read(text: &str) -> Result<u64, ParseErrorKind> {
    const SHAPE: ParseErrorKind = ParseErrorKind::Malformed {
        expected: "a number and a unit, such as `20 GiB`, `512MiB` or `1.5 TB`",
    };
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim_start_matches(' ') {
        "" => 1,
        unit => format!("1{unit}").parse::<bytesize::ByteSize>().map_err(|_| SHAPE)?.as_u64(),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(SHAPE);
    }
    exact(whole, fraction, unit)
}

/// Multiplies a decimal number by a unit, in integers: floating point would round.
fn exact(whole: &str, fraction: &str, unit: u64) -> Result<u64, ParseErrorKind> {
    const BIG: ParseErrorKind = ParseErrorKind::OutOfRange { least: 0, most: u64::MAX };
    const PART: ParseErrorKind = ParseErrorKind::Rule("it is not a whole number of bytes");
    let whole = whole.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).ok_or(BIG)?;
    let digits = fraction.trim_end_matches('0');
    if digits.is_empty() {
        return Ok(whole);
    }
    // A fraction of a unit below 2^64 that is whole has at most 60 binary, so 60 decimal, places;
    // 18 fit here.
    let places = u32::try_from(digits.len()).ok().filter(|&n| n <= 18).ok_or(PART)?;
    let scaled = digits.parse::<u128>().map_err(|_| PART)? * u128::from(unit);
    let divisor = 10_u128.pow(places);
    if scaled % divisor != 0 {
        return Err(PART);
    }
    u64::try_from(scaled / divisor).ok().and_then(|part| whole.checked_add(part)).ok_or(BIG)
}

impl From<ByteSize> for bytesize::ByteSize {
    fn from(size: ByteSize) -> Self {
        Self::b(size.0)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        let power = if self.0 == 0 { 0 } else { (self.0.trailing_zeros() / 10).min(6) };
        f.pad(&format!("{} {}", self.0 >> (10 * power), UNITS[power as usize]))
    }
}

impl fmt::Debug for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

text_type!(ByteSize);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<ByteSize>().unwrap_err().to_string()
    }

    #[test]
    fn spellings_of_one_size_are_equal() {
        for four in [
            "4 GiB",
            "4GiB",
            "4096 MiB",
            "4194304 KiB",
            "4294967296",
            "4294967296 B",
            "4.0 GiB",
            "0.00390625 TiB",
        ] {
            assert_eq!(four.parse::<ByteSize>().unwrap(), ByteSize::gib(4), "{four}");
        }
        assert_eq!("1.5 KB".parse::<ByteSize>().unwrap(), ByteSize::bytes(1500));
        assert_eq!("18446744073709551615".parse::<ByteSize>().unwrap(), ByteSize::bytes(u64::MAX));
    }

    #[test]
    fn display_loses_nothing() {
        assert_eq!(ByteSize::bytes(0).to_string(), "0 B");
        assert_eq!(ByteSize::bytes(1025).to_string(), "1025 B");
        assert_eq!(ByteSize::mib(1536).to_string(), "1536 MiB");
        assert_eq!(ByteSize::bytes(1 << 60).to_string(), "1 EiB");
    }

    #[test]
    fn each_refusal_names_its_rule() {
        assert!(refusal("").contains("empty"));
        for shape in ["GiB", "4 gallons", "-4 GiB", "4..5 GiB", ".5 GiB", "4. GiB", "4 GiB!"] {
            assert!(refusal(shape).contains("a number and a unit"), "{shape}");
        }
        assert!(refusal("0.3 B").contains("whole number of bytes"));
        assert!(refusal("16 EiB").contains("between 0 and"));
        assert!(refusal(&format!("0.{}1 GiB", "0".repeat(30))).contains("whole number"));
    }
}
