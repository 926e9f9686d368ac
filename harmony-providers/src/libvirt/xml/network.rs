//! The model of a virtual network.

use serde::{Deserialize, Serialize};

use super::Metadata;

/// `<network>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "network")]
pub(crate) struct Network {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uuid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<Metadata>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) forward: Option<Forward>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bridge: Option<Bridge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) domain: Option<DnsDomain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dns: Option<Dns>,
    #[serde(rename = "ip", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ips: Vec<Ip>,
}

/// `<forward>`; without one a network is isolated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Forward {
    #[serde(rename = "@mode", default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<String>,
    #[serde(rename = "@dev", default, skip_serializing_if = "Option::is_none")]
    pub(crate) dev: Option<String>,
}

/// `<bridge>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bridge {
    #[serde(rename = "@name", default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// `<domain>`: the DNS domain of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DnsDomain {
    #[serde(rename = "@name", default)]
    pub(crate) name: String,
    #[serde(rename = "@localOnly", default, skip_serializing_if = "Option::is_none")]
    pub(crate) local_only: Option<String>,
}

/// `<dns>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dns {
    #[serde(rename = "host", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) hosts: Vec<DnsHost>,
}

/// `<host>` of DNS: one address and its names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "host")]
pub(crate) struct DnsHost {
    #[serde(rename = "@ip", default)]
    pub(crate) ip: String,
    #[serde(rename = "hostname", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) names: Vec<String>,
}

/// `<ip>`: an address of the host on the network, and what is served there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ip {
    #[serde(rename = "@family", default, skip_serializing_if = "Option::is_none")]
    pub(crate) family: Option<String>,
    #[serde(rename = "@address", default)]
    pub(crate) address: String,
    #[serde(rename = "@prefix", default, skip_serializing_if = "Option::is_none")]
    pub(crate) prefix: Option<u8>,
    #[serde(rename = "@netmask", default, skip_serializing_if = "Option::is_none")]
    pub(crate) netmask: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tftp: Option<Tftp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dhcp: Option<Dhcp>,
}

/// `<tftp>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tftp {
    #[serde(rename = "@root", default)]
    pub(crate) root: String,
}

/// `<dhcp>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dhcp {
    #[serde(rename = "range", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ranges: Vec<DhcpRange>,
    #[serde(rename = "host", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) hosts: Vec<DhcpHost>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bootp: Option<Bootp>,
}

/// `<range>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DhcpRange {
    #[serde(rename = "@start", default)]
    pub(crate) start: String,
    #[serde(rename = "@end", default)]
    pub(crate) end: String,
}

/// `<host>` of DHCP: one fixed lease.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "host")]
pub(crate) struct DhcpHost {
    #[serde(rename = "@mac", default, skip_serializing_if = "Option::is_none")]
    pub(crate) mac: Option<String>,
    #[serde(rename = "@name", default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(rename = "@ip", default)]
    pub(crate) ip: String,
}

/// `<bootp>`: what a machine without a system is told to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bootp {
    #[serde(rename = "@file", default)]
    pub(crate) file: String,
    #[serde(rename = "@server", default, skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
}
