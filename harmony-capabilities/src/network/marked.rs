//! What a service has, with whose it is.

use std::fmt;

use harmony_phases::ownership::{Mark, Standing};
use harmony_types::SiteName;

/// Something that a service has, with the mark it carries: none where somebody else made it.
///
/// A provider writes the mark where its product has room: a comment of dnsmasq's or HAProxy's configuration, a
/// description field of OPNsense, a list beside the files of a TFTP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<T> {
    /// The thing.
    pub item: T,
    /// Its mark.
    pub mark: Option<Mark>,
}

impl<T> Marked<T> {
    /// A thing that carries `mark`.
    pub const fn new(item: T, mark: Mark) -> Self {
        Self { item, mark: Some(mark) }
    }

    /// A thing without a mark.
    pub const fn foreign(item: T) -> Self {
        Self { item, mark: None }
    }

    /// Whose it is, seen from `site`.
    pub fn standing(&self, site: &SiteName) -> Standing {
        Standing::of(self.mark.clone(), site)
    }
}

/// One kind of thing that a network service keeps.
pub(super) trait Item: Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync {
    /// What it is, in words: `reservation`.
    const KIND: &'static str;

    /// What tells it from others of its kind, as its claim names it.
    fn key(&self) -> String;

    /// Every field in which `found`, of the same key, is not as wanted: field, found, wanted.
    fn differences(&self, found: &Self) -> Vec<Difference>;

    /// What this and `other`, of another key, cannot both have.
    fn clash(&self, _other: &Self) -> Option<String> {
        None
    }
}

/// A field that is not as wanted.
pub(super) struct Difference {
    pub(super) field: &'static str,
    pub(super) found: String,
    pub(super) wanted: String,
}

/// Names `field` where the two differ.
pub(super) fn differs<F: PartialEq>(
    field: &'static str,
    found: &F,
    wanted: &F,
    spell: impl Fn(&F) -> String,
) -> Option<Difference> {
    (found != wanted).then(|| Difference { field, found: spell(found), wanted: spell(wanted) })
}

/// Spells what may be absent.
pub(super) fn or_none<T: fmt::Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}
