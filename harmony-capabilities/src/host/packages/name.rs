use std::{fmt, str::FromStr};

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};

/// The name of a package, as its distribution spells it: `libvirt-daemon-system`.
///
/// ```
/// use harmony_capabilities::host::PackageName;
/// assert!("g++".parse::<PackageName>().is_ok());
/// assert!("--purge".parse::<PackageName>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackageName(String);

impl PackageName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PackageName {
    type Err = ParseError;

    /// Debian Policy 5.6.1 and RPM agree on letters, digits and `+-._`; Debian adds `:` before an architecture.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refused = |kind| ParseError::new("package name", text, kind);
        let Some(first) = text.chars().next() else { return Err(refused(ParseErrorKind::Empty)) };
        if !first.is_ascii_alphanumeric() {
            let rule = "begin with a letter or a digit";
            return Err(refused(ParseErrorKind::BadPlace { found: first, at: 1, rule }));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "+-._:".contains(c);
        if let Some((at, found)) = text.chars().enumerate().find(|&(_, c)| !allowed(c)) {
            let allowed = "letters, digits and + - . _ :";
            return Err(refused(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed }));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for PackageName {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<PackageName> for String {
    fn from(name: PackageName) -> Self {
        name.0
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What packages are for; each distribution has its own names for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageRole {
    /// A DHCP, DNS and TFTP server for networks of virtual machines.
    Dnsmasq,
    /// What runs virtual machines.
    Kvm,
    /// What manages them.
    Libvirt,
    /// UEFI firmware for virtual machines.
    UefiFirmware,
}

impl fmt::Display for PackageRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dnsmasq => "dnsmasq",
            Self::Kvm => "kvm",
            Self::Libvirt => "libvirt",
            Self::UefiFirmware => "uefi-firmware",
        })
    }
}
