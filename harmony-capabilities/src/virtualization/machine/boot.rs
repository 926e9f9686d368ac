use crate::spec::{SpecError, Text};
use harmony_types::{HostPath, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A device to boot from: the first of its kind, or the one at an index (from 0) in the spec.
///
/// Written `disk`, `cdrom:1`; `disk:0` is `disk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BootDevice {
    /// The first cdrom.
    Cdrom,
    /// The cdrom at this index.
    CdromAt(u8),
    /// The first disk.
    Disk,
    /// The disk at this index.
    DiskAt(u8),
    /// The first network card.
    Network,
    /// The network card at this index.
    NetworkAt(u8),
}

impl BootDevice {
    /// Returns the index of the device among those of its kind, from 0.
    pub const fn index(self) -> usize {
        match self {
            Self::Cdrom | Self::Disk | Self::Network => 0,
            Self::CdromAt(index) | Self::DiskAt(index) | Self::NetworkAt(index) => index as usize,
        }
    }

    /// Returns the first device of the same kind.
    #[must_use]
    pub const fn kind(self) -> Self {
        match self {
            Self::Cdrom | Self::CdromAt(_) => Self::Cdrom,
            Self::Disk | Self::DiskAt(_) => Self::Disk,
            Self::Network | Self::NetworkAt(_) => Self::Network,
        }
    }

    const fn at(self, index: u8) -> Self {
        match (self.kind(), index) {
            (first, 0) => first,
            (Self::Cdrom, _) => Self::CdromAt(index),
            (Self::Disk, _) => Self::DiskAt(index),
            _ => Self::NetworkAt(index),
        }
    }
}

impl FromStr for BootDevice {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "`disk`, `cdrom` or `network`, with `:` and an index from 0 to 255 where it is not the first";
        let malformed =
            || ParseError::new("boot device", text, ParseErrorKind::Malformed { expected });
        let (kind, index) = text.split_once(':').unwrap_or((text, "0"));
        let kind = match kind {
            "cdrom" => Self::Cdrom,
            "disk" => Self::Disk,
            "network" => Self::Network,
            _ => return Err(malformed()),
        };
        let digits = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
        let index = index.parse().ok().filter(|_| digits).ok_or_else(malformed)?;
        Ok(kind.at(index))
    }
}

impl TryFrom<String> for BootDevice {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<BootDevice> for String {
    fn from(device: BootDevice) -> Self {
        device.to_string()
    }
}

impl fmt::Display for BootDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind() {
            Self::Cdrom => "cdrom",
            Self::Disk => "disk",
            _ => "network",
        })?;
        match self.index() {
            0 => Ok(()),
            index => write!(f, ":{index}"),
        }
    }
}

/// A kernel that the hypervisor starts directly, from files of the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelBoot {
    /// The kernel.
    pub kernel: HostPath,
    /// Its initial file system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initrd: Option<HostPath>,
    /// Its command line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cmdline: String,
}

impl KernelBoot {
    /// Starts the kernel in this file of the host.
    ///
    /// # Errors
    /// When the text is no absolute path.
    pub fn kernel(path: impl Into<Text<HostPath>>) -> Result<Self, SpecError> {
        let kernel = path.into().of("kernel", "kernel")?;
        Ok(Self { kernel, initrd: None, cmdline: String::new() })
    }

    /// With the initial file system in this file of the host.
    ///
    /// # Errors
    /// When the text is no absolute path.
    pub fn initrd(mut self, path: impl Into<Text<HostPath>>) -> Result<Self, SpecError> {
        self.initrd = Some(path.into().of("kernel", "initrd")?);
        Ok(self)
    }

    /// With this command line.
    #[must_use]
    pub fn cmdline(mut self, cmdline: impl Into<String>) -> Self {
        self.cmdline = cmdline.into();
        self
    }
}
