use crate::spec::{SpecError, Text};
use harmony_types::{InterfaceName, MacAddress, ObjectName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A network card of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nic {
    /// What it is plugged into.
    pub source: NicSource,
    /// Its address; the hypervisor chooses one, once, if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<MacAddress>,
    /// The card that the guest sees; virtio if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<NicModel>,
}

/// What a network card is plugged into.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NicSource {
    /// A bridge that the host already has.
    Bridge(InterfaceName),
    /// A virtual network of the hypervisor.
    Network(ObjectName),
}

/// The network card that a guest sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NicModel {
    /// Intel's of 2002, for old guests.
    E1000,
    /// Intel's of 2007.
    E1000e,
    /// The one made for guests: fastest.
    Virtio,
}

impl Nic {
    /// Is plugged into a virtual network.
    ///
    /// # Errors
    /// When the text is no name of an object.
    pub fn on(network: impl Into<Text<ObjectName>>) -> Result<Self, SpecError> {
        Ok(Self::from(network.into().of("network card", "source")?))
    }

    /// Is plugged into a bridge that the host already has.
    ///
    /// # Errors
    /// When the text is no name of an interface.
    pub fn on_bridge(bridge: impl Into<Text<InterfaceName>>) -> Result<Self, SpecError> {
        let source = NicSource::Bridge(bridge.into().of("network card", "source")?);
        Ok(Self { source, mac: None, model: None })
    }

    /// Has this address.
    #[must_use]
    pub const fn mac(mut self, mac: MacAddress) -> Self {
        self.mac = Some(mac);
        self
    }

    /// Is this card.
    #[must_use]
    pub const fn model(mut self, model: NicModel) -> Self {
        self.model = Some(model);
        self
    }
}

impl From<ObjectName> for Nic {
    fn from(network: ObjectName) -> Self {
        Self { source: NicSource::Network(network), mac: None, model: None }
    }
}

impl fmt::Display for NicSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bridge(bridge) => write!(f, "bridge {bridge}"),
            Self::Network(network) => write!(f, "network {network}"),
        }
    }
}
