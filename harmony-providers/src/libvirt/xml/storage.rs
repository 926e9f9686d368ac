//! The models of pools and volumes.

use serde::{Deserialize, Serialize};

use super::Size;

/// `<pool>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "pool")]
pub(crate) struct Pool {
    #[serde(rename = "@type")]
    pub(crate) kind: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uuid: Option<String>,
    #[serde(default, skip_serializing)]
    pub(crate) capacity: Size,
    #[serde(default, skip_serializing)]
    pub(crate) available: Size,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<PoolTarget>,
}

/// `<target>` of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PoolTarget {
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) permissions: Option<Permissions>,
}

/// `<permissions>` of a folder or a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Permissions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<String>,
}

/// `<volume>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "volume")]
pub(crate) struct Volume {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) capacity: Size,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) allocation: Option<Size>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<VolumeTarget>,
    #[serde(rename = "backingStore", default, skip_serializing_if = "Option::is_none")]
    pub(crate) backing: Option<Backing>,
}

/// `<target>` of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VolumeTarget {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Format>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) permissions: Option<Permissions>,
}

/// `<format type=…/>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Format {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
}

/// `<backingStore>`: the image a volume is a difference to; its format is always named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Backing {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Format>,
}
