//! What is known about a volume, kept as empty volumes beside it.
//!
//! libvirt has no room for a mark on a volume, and an upload that was cut off leaves a volume that
//! looks like any other. So an upload is bracketed: an empty `partial` marker is there before the
//! volume is created, an empty `done` marker only after the stream ended without a late error
//! (ADR 0031). User volumes cannot be called like this: their names do not begin with a dot.

use harmony_types::Sha256Digest;

/// The digest's first half is enough to tell images apart, and keeps the longest name that a
/// volume can have within the 255 bytes of a file's.
const DIGITS: usize = 32;

/// The content a volume was filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(String);

impl Fingerprint {
    pub(crate) fn of(digest: Option<&Sha256Digest>) -> Self {
        match digest {
            Some(digest) => Self(digest.to_string().chars().take(DIGITS).collect()),
            None => Self("unverified".into()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// There while a volume is being filled.
pub(super) fn partial(volume: &str) -> String {
    format!(".{volume}.partial")
}

/// There once a volume holds all of this content.
pub(super) fn done(volume: &str, content: &Fingerprint) -> String {
    format!(".{volume}.{}.done", content.as_str())
}

/// There while a volume is protected.
pub(super) fn protected(volume: &str) -> String {
    format!(".{volume}.protected")
}

/// There while a pool is protected; no marker of a volume, since volumes have names.
pub(super) const POOL_PROTECTED: &str = ".protected";

/// Whether a name is one of the markers of this volume that say what it holds.
pub(super) fn is_done_of(name: &str, volume: &str) -> bool {
    let rest = name.strip_prefix('.').and_then(|rest| rest.strip_prefix(volume));
    rest.and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.strip_suffix(".done"))
        .is_some_and(|middle| {
            let digest = middle.len() == DIGITS && middle.bytes().all(|it| it.is_ascii_hexdigit());
            middle == "unverified" || digest
        })
}

/// Whether a name is a marker of any volume.
pub(crate) fn is_marker(name: &str) -> bool {
    name.starts_with('.')
        && [".partial", ".done", ".protected"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_belong_to_one_volume_and_fit_a_file_name() {
        let digest: Sha256Digest = "ab".repeat(32).parse().unwrap();
        let content = Fingerprint::of(Some(&digest));
        let marker = done("web.qcow2", &content);
        assert!(is_marker(&marker) && is_done_of(&marker, "web.qcow2"));
        assert!(!is_done_of(&marker, "web"), "the marker of `web.qcow2` is not one of `web`");
        assert!(is_done_of(&done("web", &Fingerprint::of(None)), "web"));
        assert!(!is_marker("web.qcow2") && is_marker(POOL_PROTECTED));
        assert!(done(&"x".repeat(200), &content).len() <= 255);
    }
}
