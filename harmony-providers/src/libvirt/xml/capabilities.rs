//! What a host can run.

use serde::Deserialize;

/// `<domainCapabilities>`: what one emulator offers for one kind of domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct DomainCapabilities {
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) domain: String,
    #[serde(default)]
    pub(crate) machine: String,
    #[serde(default)]
    pub(crate) os: OsCapabilities,
    #[serde(default)]
    pub(crate) cpu: CpuCapabilities,
}

/// `<os>` of the domain capabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct OsCapabilities {
    #[serde(rename = "enum", default)]
    pub(crate) enums: Vec<Enum>,
}

/// `<enum name=…><value>…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Enum {
    #[serde(rename = "@name", default)]
    pub(crate) name: String,
    #[serde(rename = "value", default)]
    pub(crate) values: Vec<String>,
}

/// `<cpu>` of the domain capabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct CpuCapabilities {
    #[serde(rename = "mode", default)]
    pub(crate) modes: Vec<CpuMode>,
}

/// `<mode name=… supported=…>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct CpuMode {
    #[serde(rename = "@name", default)]
    pub(crate) name: String,
    #[serde(rename = "@supported", default)]
    pub(crate) supported: String,
}

impl DomainCapabilities {
    /// Whether firmware of this kind (`bios`, `efi`) can be chosen by name.
    pub(crate) fn has_firmware(&self, kind: &str) -> bool {
        let firmware = self.os.enums.iter().filter(|choice| choice.name == "firmware");
        firmware.flat_map(|choice| &choice.values).any(|value| value == kind)
    }

    /// Whether this CPU mode is offered.
    pub(crate) fn has_cpu_mode(&self, mode: &str) -> bool {
        self.cpu.modes.iter().any(|it| it.name == mode && it.supported == "yes")
    }
}
