//! What a service has, with whose it is.

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
