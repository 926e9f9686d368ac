//! The marks that we leave on a host: one small file for each object that is ours.
//!
//! A host has no room for a mark in a file, a package or a user, so it lies beside them:
//! `/var/lib/harmony/marks/KIND/DIGEST`, where the digest is that of the object's name, holds the
//! mark and the name as JSON. It is written before the object and removed after it, by the same
//! command as the change (`mark_put` and `mark_drop` of its script): what a crash leaves is at worst
//! a mark without an object.

use harmony_phases::ownership::Mark;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::places::Places;

/// Shell functions for scripts that change something: `mark_put PATH TEXT…` and `mark_drop PATH…`.
pub(in crate::linux) const FUNCTIONS: &str = include_str!("marks.sh");

/// A kind of object that carries marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::linux) enum Marked {
    Directory,
    File,
    Module,
    Package,
    Parameter,
    User,
}

/// Where the marks of a host are.
#[derive(Clone, Debug)]
pub(in crate::linux) struct Marks {
    folder: String,
}

/// What is in the file of a mark.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    mark: Mark,
}

impl Marked {
    const fn folder(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::File => "file",
            Self::Module => "module",
            Self::Package => "package",
            Self::Parameter => "sysctl",
            Self::User => "user",
        }
    }
}

impl Marks {
    pub(in crate::linux) fn below(places: &Places) -> Self {
        Self { folder: places.at("/var/lib/harmony/marks") }
    }

    /// Where the marks of a kind are.
    pub(in crate::linux) fn folder(&self, kind: Marked) -> String {
        format!("{}/{}", self.folder, kind.folder())
    }

    /// Where the mark of an object is.
    pub(in crate::linux) fn path(&self, kind: Marked, name: &str) -> String {
        use std::fmt::Write as _;
        let mut path = self.folder(kind) + "/";
        for byte in Sha256::digest(name.as_bytes()) {
            // Writing to a text cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path
    }

    /// What is written there.
    pub(in crate::linux) fn text(name: &str, mark: &Mark) -> String {
        let written = Written { name: name.to_owned(), mark: mark.clone() };
        // Its fields are texts, a number and a truth: nothing that JSON cannot hold.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// The name and the mark in the content of a file; none where it is damaged.
    pub(in crate::linux) fn named(content: &str) -> Option<(String, Mark)> {
        let written: Written = serde_json::from_str(content).ok()?;
        Some((written.name, written.mark))
    }

    /// The mark that was read at [`path`](Self::path); none where the file is damaged or of another
    /// object: then the object is nobody's, and stays untouched.
    pub(in crate::linux) fn read(name: &str, content: Option<&[u8]>) -> Option<Mark> {
        let content = content?;
        match serde_json::from_slice::<Written>(content) {
            Ok(written) if written.name == name => Some(written.mark),
            Ok(written) => {
                log::warn!("the mark of `{name}` is that of `{}`: it does not count", written.name);
                None
            }
            Err(error) => {
                log::warn!("the mark of `{name}` cannot be read and does not count: {error}");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marks() -> Marks {
        Marks::below(&Places::of_a_host())
    }

    #[test]
    fn the_digest_of_the_name_is_the_name_of_the_file() {
        let path = marks().path(Marked::File, "/etc/motd");
        let digest = "a5017c23a9f6ed2d1b4e08408fedf24e39aab24bacd1d1597c1432e80497614b";
        assert_eq!(path, format!("/var/lib/harmony/marks/file/{digest}"));
        assert_ne!(path, marks().path(Marked::Directory, "/etc/motd"));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(name in ".*", score in ".*", schema: u32, protect: bool) {
            let mark = Mark::new("shop".parse().unwrap(), score).schema(schema).protect(protect);
            let text = Marks::text(&name, &mark);
            prop_assert_eq!(Marks::read(&name, Some(text.as_bytes())), Some(mark));
            prop_assert_eq!(Marks::read(&[name.as_str(), "x"].concat(), Some(text.as_bytes())), None);
        }

        #[test]
        fn a_damaged_mark_is_none(content: Vec<u8>) {
            prop_assert_eq!(Marks::read("web", Some(&content)), None);
        }
    }
}
