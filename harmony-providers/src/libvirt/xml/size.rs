//! Sizes with units, as libvirt writes and reads them.

use serde::{Deserialize, Serialize};

/// A number and its unit; without one, libvirt means KiB for memory and bytes for volumes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Size {
    #[serde(rename = "@unit", default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    #[serde(rename = "$text")]
    pub(crate) value: u64,
}

impl Size {
    pub(crate) fn bytes(value: u64) -> Self {
        Self { unit: Some("bytes".into()), value }
    }

    pub(crate) fn kib(value: u64) -> Self {
        Self { unit: Some("KiB".into()), value }
    }

    /// The size in bytes, when its unit is one that libvirt knows; `bare` is the unit of a number
    /// without one, in bytes.
    pub(crate) fn in_bytes(&self, bare: u64) -> Option<u64> {
        let factor = match self.unit.as_deref() {
            None => bare,
            Some("b" | "bytes" | "B") => 1,
            Some("KB") => 1_000,
            Some("k" | "K" | "KiB") => 1 << 10,
            Some("MB") => 1_000_000,
            Some("M" | "MiB") => 1 << 20,
            Some("GB") => 1_000_000_000,
            Some("G" | "GiB") => 1 << 30,
            Some("TB") => 1_000_000_000_000,
            Some("T" | "TiB") => 1 << 40,
            Some(_) => return None,
        };
        self.value.checked_mul(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sizes_are_equal_in_every_unit() {
        let gib = Size { unit: Some("GiB".into()), value: 4 };
        assert_eq!(gib.in_bytes(1), Size::kib(4 << 20).in_bytes(1));
        assert_eq!(Size { unit: None, value: 4 }.in_bytes(1 << 10), Some(4096));
        assert_eq!(Size { unit: Some("parsec".into()), value: 4 }.in_bytes(1), None);
        assert_eq!(Size { unit: Some("TiB".into()), value: u64::MAX }.in_bytes(1), None);
    }
}
