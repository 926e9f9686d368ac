use crate::spec::{SpecError, Text};
use harmony_types::{HostPath, ObjectName, ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A volume by the names of its pool and itself, written `pool/volume`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VolumeRef {
    /// The pool's name.
    pub pool: ObjectName,
    /// The volume's name in the pool.
    pub name: ObjectName,
}

impl VolumeRef {
    /// Names the volume `name` of `pool`.
    ///
    /// # Errors
    /// When one of the texts is no name of an object.
    pub fn new(
        pool: impl Into<Text<ObjectName>>,
        name: impl Into<Text<ObjectName>>,
    ) -> Result<Self, SpecError> {
        Ok(Self {
            pool: pool.into().of("volume", "pool")?,
            name: name.into().of("volume", "name")?,
        })
    }
}

impl FromStr for VolumeRef {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "the name of a pool and of a volume with `/` between them";
        let malformed = || ParseError::new("volume", text, ParseErrorKind::Malformed { expected });
        let (pool, name) = text.split_once('/').ok_or_else(malformed)?;
        Ok(Self { pool: pool.parse()?, name: name.parse()? })
    }
}

impl TryFrom<String> for VolumeRef {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<VolumeRef> for String {
    fn from(volume: VolumeRef) -> Self {
        volume.to_string()
    }
}

impl fmt::Display for VolumeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pool, self.name)
    }
}

/// Where the content of a disk lies on the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiskSource {
    /// In a file.
    File(HostPath),
    /// In a volume of a storage pool.
    Volume(VolumeRef),
}

impl DiskSource {
    /// Returns the volume, if it is one.
    pub fn volume(&self) -> Option<&VolumeRef> {
        match self {
            Self::File(_) => None,
            Self::Volume(volume) => Some(volume),
        }
    }
}

impl From<VolumeRef> for DiskSource {
    fn from(volume: VolumeRef) -> Self {
        Self::Volume(volume)
    }
}

impl From<HostPath> for DiskSource {
    fn from(path: HostPath) -> Self {
        Self::File(path)
    }
}

impl fmt::Display for DiskSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.fmt(f),
            Self::Volume(volume) => volume.fmt(f),
        }
    }
}
