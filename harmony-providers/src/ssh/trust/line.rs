//! One line of a `known_hosts` file.

use hmac::{Hmac, KeyInit, Mac};
use russh::keys::{
    PublicKey,
    ssh_key::known_hosts::{Entry, HostPatterns, Marker},
};
use sha1::Sha1;

use super::{glob, name::KnownName};

/// A line that says something.
#[derive(Clone, Debug)]
pub(super) struct Line(Entry);

/// A line that cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It begins with a marker, so that it may be what revokes a key.
    Marked,
    /// It can only have been a key of some host.
    Plain,
}

/// Reads a line; `None` where it says nothing.
///
/// Fields are parted by any number of blanks and tabs. What follows the key is a comment and may be anything.
pub(super) fn read(text: &str) -> Option<Result<Line, Unreadable>> {
    let mut words = text.split([' ', '\t', '\r']).filter(|word| !word.is_empty()).peekable();
    let first = words.peek()?;
    if first.starts_with('#') {
        return None;
    }
    let marked = first.starts_with('@');
    let fields: Vec<&str> = words.take(if marked { 4 } else { 3 }).collect();
    let entry = fields.join(" ").parse().map(Line);
    Some(entry.map_err(|_| if marked { Unreadable::Marked } else { Unreadable::Plain }))
}

impl Line {
    pub(super) fn marker(&self) -> Option<Marker> {
        self.0.marker().copied()
    }

    pub(super) fn key(&self) -> &PublicKey {
        self.0.public_key()
    }

    /// Whether it is about `name`.
    pub(super) fn is_about(&self, name: &KnownName) -> bool {
        let name = name.to_string();
        match self.0.host_patterns() {
            HostPatterns::HashedName { salt, hash } => has_hash(salt, hash, &name),
            HostPatterns::Patterns(patterns) => glob::in_list(patterns, &name),
        }
    }

    /// Whether it names hosts one by one, so that `ssh-keygen -R` takes one away.
    pub(super) fn names_hosts(&self) -> bool {
        match self.0.host_patterns() {
            HostPatterns::HashedName { .. } => true,
            HostPatterns::Patterns(patterns) => {
                !patterns.iter().any(|pattern| pattern.contains(['*', '?', '!']))
            }
        }
    }
}

fn has_hash(salt: &[u8], hash: &[u8], name: &str) -> bool {
    Hmac::<Sha1>::new_from_slice(salt)
        .is_ok_and(|hmac| hmac.chain_update(name).verify_slice(hash).is_ok())
}
