//! What to do about a file system that takes nothing, whoever complains.

/// What the C library says of it, and what an operator can do.
const KNOWN: [(&str, &str); 3] = [
    (
        "No space left on device",
        "the disk is full: make room and run again; what was there is untouched",
    ),
    (
        "Disk quota exceeded",
        "the quota is used up: make room and run again; what was there is untouched",
    ),
    (
        "Read-only file system",
        "the file system is mounted read-only: see why, and mount it for writing",
    ),
];

/// What to do, where `text` complains of a file system that takes nothing.
pub(crate) fn remedy(text: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|(said, _)| text.contains(said)).map(|(_, remedy)| remedy)
}
