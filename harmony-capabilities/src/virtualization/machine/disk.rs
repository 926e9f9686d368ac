use crate::{
    spec::{SpecError, Text},
    virtualization::storage::{DiskSource, VolumeFormat, VolumeRef},
};
use harmony_types::{HostPath, ObjectName};
use serde::{Deserialize, Serialize};

/// A disk of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// Where its content lies.
    pub source: DiskSource,
    /// How the guest reaches it.
    #[serde(default)]
    pub bus: DiskBus,
    /// How its content is stored; as the pool says for a volume, raw for a file, if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<VolumeFormat>,
}

/// How a guest reaches a disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiskBus {
    /// As on a real machine: for guests without drivers for virtio.
    Sata,
    /// By the interface made for guests: fastest.
    #[default]
    Virtio,
}

impl Disk {
    /// Uses a volume of a pool.
    ///
    /// # Errors
    /// When one of the texts is no name of an object.
    pub fn volume(
        pool: impl Into<Text<ObjectName>>,
        name: impl Into<Text<ObjectName>>,
    ) -> Result<Self, SpecError> {
        VolumeRef::new(pool, name).map(Self::from)
    }

    /// Uses a raw file of the host.
    ///
    /// # Errors
    /// When the text is no absolute path.
    pub fn file(path: impl Into<Text<HostPath>>) -> Result<Self, SpecError> {
        Ok(Self::of(DiskSource::File(path.into().of("disk", "source")?)))
    }

    /// Is reached over this bus.
    #[must_use]
    pub const fn bus(mut self, bus: DiskBus) -> Self {
        self.bus = bus;
        self
    }

    /// Stores its content in this format.
    #[must_use]
    pub const fn format(mut self, format: VolumeFormat) -> Self {
        self.format = Some(format);
        self
    }

    const fn of(source: DiskSource) -> Self {
        Self { source, bus: DiskBus::Virtio, format: None }
    }
}

impl From<VolumeRef> for Disk {
    fn from(volume: VolumeRef) -> Self {
        Self::of(DiskSource::Volume(volume))
    }
}

/// A cdrom drive of a machine, on SATA.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cdrom {
    /// The ISO image in it; empty if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<DiskSource>,
}

impl Cdrom {
    /// Holds the ISO image in a volume of a pool.
    ///
    /// # Errors
    /// When one of the texts is no name of an object.
    pub fn volume(
        pool: impl Into<Text<ObjectName>>,
        name: impl Into<Text<ObjectName>>,
    ) -> Result<Self, SpecError> {
        VolumeRef::new(pool, name).map(Self::from)
    }

    /// Holds the ISO image in a file of the host.
    ///
    /// # Errors
    /// When the text is no absolute path.
    pub fn file(path: impl Into<Text<HostPath>>) -> Result<Self, SpecError> {
        Ok(Self { source: Some(DiskSource::File(path.into().of("cdrom", "source")?)) })
    }

    /// Holds nothing.
    pub const fn empty() -> Self {
        Self { source: None }
    }
}

impl From<VolumeRef> for Cdrom {
    fn from(volume: VolumeRef) -> Self {
        Self { source: Some(volume.into()) }
    }
}
