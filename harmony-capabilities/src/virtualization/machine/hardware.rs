use serde::{Deserialize, Serialize};

/// The board that a machine is modelled on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Machine {
    /// The i440FX of 1996.
    Pc,
    /// The Q35 of 2007, with PCI Express.
    Q35,
}

/// What starts before the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Firmware {
    /// A BIOS.
    Bios,
    /// UEFI, where the host has its files.
    Uefi,
}

/// The processor that the guest sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CpuMode {
    /// A named model close to the host's: guests can move between hosts that are alike.
    HostModel,
    /// The host's own: fastest, and not with emulation.
    HostPassthrough,
    /// All that the hypervisor can offer.
    Maximum,
    /// This model, by the name that the hypervisor knows it by.
    Named(String),
}

/// How guest code runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acceleration {
    /// On the processor where the host can, emulated where it cannot.
    #[default]
    Auto,
    /// On the processor, by KVM.
    Kvm,
    /// Emulated: slow, and works everywhere.
    Tcg,
}

/// What is wanted of a machine beyond being defined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// It is defined; whether it runs is the user's business and not looked at.
    Defined,
    /// It runs.
    #[default]
    Running,
}
