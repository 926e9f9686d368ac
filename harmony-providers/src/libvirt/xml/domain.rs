//! The model of a domain.

use serde::{Deserialize, Serialize};

use super::{Metadata, Size};

/// An element that says something by being there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Empty {}

/// `<domain>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "domain")]
pub(crate) struct Domain {
    #[serde(rename = "@type")]
    pub(crate) kind: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uuid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<Metadata>,
    #[serde(default)]
    pub(crate) memory: Size,
    #[serde(rename = "currentMemory", default, skip_serializing_if = "Option::is_none")]
    pub(crate) current_memory: Option<Size>,
    #[serde(default)]
    pub(crate) vcpu: Vcpu,
    #[serde(default)]
    pub(crate) os: Os,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) features: Option<Features>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cpu: Option<Cpu>,
    #[serde(default)]
    pub(crate) devices: Devices,
}

/// `<vcpu>`: the number of virtual CPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vcpu {
    /// How many of them are plugged in, where not all are.
    #[serde(rename = "@current", default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<u32>,
    #[serde(rename = "$text", default)]
    pub(crate) count: u32,
}

/// `<os>`: what a domain boots, and with which firmware.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Os {
    #[serde(rename = "@firmware", default, skip_serializing_if = "Option::is_none")]
    pub(crate) firmware: Option<String>,
    #[serde(rename = "type", default)]
    pub(crate) kind: OsType,
    /// Chosen by libvirt; never written, only recognised.
    #[serde(default, skip_serializing)]
    pub(crate) loader: Option<Loader>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kernel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) initrd: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cmdline: Option<String>,
    /// The old, per-class boot order; never written, only recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) boot: Vec<OsBoot>,
}

/// `<os><loader>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Loader {
    #[serde(rename = "@type", default)]
    pub(crate) kind: Option<String>,
}

/// `<os><type>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OsType {
    #[serde(rename = "@arch", default, skip_serializing_if = "Option::is_none")]
    pub(crate) arch: Option<String>,
    #[serde(rename = "@machine", default, skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<String>,
    #[serde(rename = "$text", default)]
    pub(crate) value: String,
}

/// `<os><boot dev=…/>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OsBoot {
    #[serde(rename = "@dev", default)]
    pub(crate) dev: String,
}

/// `<features>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Features {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acpi: Option<Empty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) apic: Option<Empty>,
}

/// `<cpu>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cpu {
    #[serde(rename = "@mode", default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<String>,
    #[serde(rename = "@match", default, skip_serializing_if = "Option::is_none")]
    pub(crate) matching: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
}

/// `<devices>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Devices {
    #[serde(rename = "disk", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) disks: Vec<Disk>,
    #[serde(rename = "interface", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) interfaces: Vec<Interface>,
    #[serde(rename = "serial", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) serials: Vec<Serial>,
    #[serde(rename = "channel", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) channels: Vec<Channel>,
    #[serde(rename = "rng", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rngs: Vec<Rng>,
}

/// `<disk>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Disk {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
    #[serde(rename = "@device", default)]
    pub(crate) device: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<Driver>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<DiskSource>,
    #[serde(default)]
    pub(crate) target: DiskTarget,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) readonly: Option<Empty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) boot: Option<Boot>,
}

/// `<driver>` of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Driver {
    #[serde(rename = "@name", default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(rename = "@type", default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
}

/// `<source>` of a disk: a file, or a volume by its names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DiskSource {
    #[serde(rename = "@file", default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(rename = "@pool", default, skip_serializing_if = "Option::is_none")]
    pub(crate) pool: Option<String>,
    #[serde(rename = "@volume", default, skip_serializing_if = "Option::is_none")]
    pub(crate) volume: Option<String>,
}

/// `<target>` of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DiskTarget {
    #[serde(rename = "@dev", default)]
    pub(crate) dev: String,
    #[serde(rename = "@bus", default, skip_serializing_if = "Option::is_none")]
    pub(crate) bus: Option<String>,
}

/// `<boot order=…/>` of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Boot {
    #[serde(rename = "@order", default)]
    pub(crate) order: u32,
}

/// `<interface>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Interface {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mac: Option<Mac>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<InterfaceSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<Model>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) boot: Option<Boot>,
}

/// `<mac>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mac {
    #[serde(rename = "@address", default)]
    pub(crate) address: String,
}

/// `<source>` of an interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InterfaceSource {
    #[serde(rename = "@network", default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
    #[serde(rename = "@bridge", default, skip_serializing_if = "Option::is_none")]
    pub(crate) bridge: Option<String>,
}

/// `<model type=…/>` of an interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Model {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
}

/// `<serial>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Serial {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SerialSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<SerialTarget>,
}

/// `<source>` of a serial port: its log file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SerialSource {
    #[serde(rename = "@path", default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(rename = "@append", default, skip_serializing_if = "Option::is_none")]
    pub(crate) append: Option<String>,
}

/// `<target>` of a serial port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SerialTarget {
    #[serde(rename = "@port", default)]
    pub(crate) port: u32,
}

/// `<channel>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Channel {
    #[serde(rename = "@type", default)]
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<ChannelTarget>,
}

/// `<target>` of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChannelTarget {
    #[serde(rename = "@type", default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    #[serde(rename = "@name", default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// `<rng>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rng {
    #[serde(rename = "@model", default)]
    pub(crate) model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<RngBackend>,
}

/// `<backend>` of a random number generator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RngBackend {
    #[serde(rename = "@model", default)]
    pub(crate) model: String,
    #[serde(rename = "$text", default)]
    pub(crate) device: String,
}
