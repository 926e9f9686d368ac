//! One kind of thing that a service keeps.

use std::fmt;

/// One kind of thing that a service keeps.
pub(crate) trait Item: Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync {
    /// What it is, in words: `reservation`.
    const KIND: &'static str;

    /// What tells it from others of its kind, as its claim names it.
    fn key(&self) -> String;

    /// Whether the two have one key; asked of everything a service has, so it spells nothing.
    fn same(&self, other: &Self) -> bool;

    /// Every field in which `found`, of the same key, is not as wanted: field, found, wanted.
    fn differences(&self, found: &Self) -> Vec<Difference>;

    /// What this and `other`, of another key, cannot both have.
    fn clash(&self, _other: &Self) -> Option<String> {
        None
    }
}

/// A field that is not as wanted.
pub(crate) struct Difference {
    pub(crate) field: String,
    pub(crate) found: String,
    pub(crate) wanted: String,
}

/// Names `field` where the two differ.
pub(crate) fn differs<F: PartialEq>(
    field: &str,
    found: &F,
    wanted: &F,
    spell: impl Fn(&F) -> String,
) -> Option<Difference> {
    (found != wanted).then(|| Difference {
        field: field.to_owned(),
        found: spell(found),
        wanted: spell(wanted),
    })
}

/// Spells what may be absent.
pub(crate) fn or_none<T: fmt::Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}
