//! A file as it is written, with the place of everything that can be refused later.

use std::collections::BTreeMap;

use harmony_types::{Hostname, Port, SshAddress};
use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) defaults: Option<Spanned<RawDefaults>>,
    #[serde(default)]
    pub(super) host: Vec<RawHost>,
}

/// What the hosts of a file have unless they say otherwise.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDefaults {
    pub(super) user: Option<Spanned<String>>,
    pub(super) port: Option<Port>,
    #[serde(default)]
    pub(super) labels: RawLabels,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHost {
    pub(super) name: Spanned<Hostname>,
    pub(super) address: Spanned<SshAddress>,
    pub(super) user: Option<Spanned<String>>,
    pub(super) port: Option<Spanned<Port>>,
    /// As texts: an error inside a list would point at the whole list.
    #[serde(default)]
    pub(super) macs: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) labels: RawLabels,
}

pub(super) type RawLabels = BTreeMap<String, Spanned<String>>;
