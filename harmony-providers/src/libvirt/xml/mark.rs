//! Our mark in an object's `<metadata>`.

use harmony_phases::ownership::Mark;
use serde::{Deserialize, Serialize};

/// The namespace of the mark.
pub(crate) const MARK_NAMESPACE: &str = "https://harmony-phases.dev/xmlns/libvirt/1";

/// The `<metadata>` of a domain or a network, as far as it is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Metadata {
    #[serde(
        rename(serialize = "harmony:mark", deserialize = "mark"),
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) marks: Vec<MarkElement>,
}

/// Who made this object, for which site and from which score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MarkElement {
    #[serde(rename = "@xmlns:harmony", default, skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    #[serde(rename = "@site", default)]
    pub(crate) site: String,
    #[serde(rename = "@score", default)]
    pub(crate) score: String,
    #[serde(rename = "@schema", default)]
    pub(crate) schema: u32,
    #[serde(rename = "@protect", default, skip_serializing_if = "Option::is_none")]
    pub(crate) protect: Option<String>,
}

impl Metadata {
    /// The metadata with this mark alone.
    pub(crate) fn written(mark: &Mark) -> Self {
        Self {
            marks: vec![MarkElement {
                namespace: Some(MARK_NAMESPACE.into()),
                site: mark.site.to_string(),
                score: mark.score.clone(),
                schema: mark.schema,
                protect: Some(if mark.protect { "yes" } else { "no" }.into()),
            }],
        }
    }

    /// Our mark among whatever others wrote; a site that no site can be called is foreign.
    pub(crate) fn mark(&self) -> Option<Mark> {
        let ours = |it: &&MarkElement| it.namespace.as_deref() == Some(MARK_NAMESPACE);
        let found = self.marks.iter().find(ours)?;
        Some(Mark {
            site: found.site.parse().ok()?,
            score: found.score.clone(),
            schema: found.schema,
            protect: found.protect.as_deref() == Some("yes"),
        })
    }
}
