//! libvirt's XML: typed models to build and to read, and a tree to change what others wrote.
//!
//! The models know the elements that a spec can set; what they do not know they skip when reading.
//! An update therefore never writes a model over an existing object: it lays the model over the
//! object's own tree ([`tree::Element::overlay`]), so that addresses, controllers and whatever an
//! administrator added stay as they are.

mod capabilities;
mod domain;
mod mark;
mod network;
mod size;
mod storage;
pub(crate) mod tree;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use capabilities::DomainCapabilities;
pub(crate) use domain::{
    Boot, Channel, ChannelTarget, Cpu, Devices, Disk, DiskSource, DiskTarget, Domain, Driver,
    Empty, Features, Interface, InterfaceSource, Mac, Model, Os, OsType, Rng, RngBackend, Serial,
    SerialSource, SerialTarget, Vcpu,
};
#[cfg(test)]
pub(crate) use mark::MARK_NAMESPACE;
pub(crate) use mark::Metadata;
pub(crate) use network::{
    Bootp, Bridge, Dhcp, DhcpHost, DhcpRange, Dns, DnsDomain, DnsHost, Forward, Ip, Network, Tftp,
};
pub(crate) use size::Size;
pub(crate) use storage::{Backing, Format, Permissions, Pool, PoolTarget, Volume, VolumeTarget};

/// A text that is not the XML it should be.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what} cannot be understood: {why}")]
pub(crate) struct XmlError {
    what: &'static str,
    why: String,
}

/// Reads a model, skipping what it does not know.
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, XmlError> {
    quick_xml::de::from_str(text).map_err(|error| XmlError { what, why: error.to_string() })
}

/// Writes a model.
pub(crate) fn write<T: Serialize>(what: &'static str, model: &T) -> Result<String, XmlError> {
    quick_xml::se::to_string(model).map_err(|error| XmlError { what, why: error.to_string() })
}

#[cfg(test)]
mod tests;
