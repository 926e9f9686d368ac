//! What is there, as the hypervisor tells it; names are plain text, because others are not bound by
//! our rules.
use crate::virtualization::VolumeFormat;
use harmony_phases::ownership::Mark;
use harmony_types::{ByteSize, MacAddress};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A machine as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineStatus {
    /// What it is called.
    pub name: String,
    /// Whether it runs.
    pub power: PowerStatus,
    /// How many processors the guest sees.
    pub vcpus: u32,
    /// How much memory the guest sees.
    pub memory: ByteSize,
    /// The addresses of its network cards.
    pub macs: Vec<MacAddress>,
    /// Whose it is; nothing if it carries no mark.
    pub mark: Option<Mark>,
}

/// Whether a machine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerStatus {
    /// It stopped by itself, and not well.
    Crashed,
    /// It is off.
    Off,
    /// It stands still, and can go on.
    Paused,
    /// It runs.
    Running,
    /// It has been asked to shut down, and still runs.
    ShuttingDown,
}

/// A network as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStatus {
    /// What it is called.
    pub name: String,
    /// Whether it is up.
    pub active: bool,
    /// Whether it starts with the host.
    pub autostart: bool,
    /// What its bridge on the host is called.
    pub bridge: Option<String>,
    /// Whose it is; nothing if it carries no mark.
    pub mark: Option<Mark>,
}

/// A pool as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolStatus {
    /// What it is called.
    pub name: String,
    /// Whether its volumes can be used.
    pub active: bool,
    /// Whether it starts with the host.
    pub autostart: bool,
    /// The folder on the host, if it is one.
    pub path: Option<String>,
    /// How much it can hold in all.
    pub capacity: ByteSize,
    /// How much it can still take.
    pub available: ByteSize,
    /// Whose it is; nothing if it is not marked.
    pub mark: Option<Mark>,
}

/// A volume as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeStatus {
    /// The pool that holds it.
    pub pool: String,
    /// What it is called in the pool.
    pub name: String,
    /// Where it lies on the host.
    pub path: String,
    /// How its content is stored; nothing if it is none of ours.
    pub format: Option<VolumeFormat>,
    /// How much the guest sees.
    pub capacity: ByteSize,
    /// How much room it takes.
    pub allocation: ByteSize,
    /// Whose it is; nothing if neither it nor its pool is marked.
    pub mark: Option<Mark>,
}

impl fmt::Display for PowerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Crashed => "crashed",
            Self::Off => "off",
            Self::Paused => "paused",
            Self::Running => "running",
            Self::ShuttingDown => "shutting down",
        })
    }
}
