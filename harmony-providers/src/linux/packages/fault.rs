//! What the complaint of a package tool means.

use std::fmt;

use harmony_capabilities::host::{HostError, HostErrorKind};
use harmony_types::Printable;

/// Why a package tool did not do what it was asked, as far as that changes what is done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// What the tool said about it.
    pub(super) said: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FaultKind {
    /// An index is damaged, on the host or at its source.
    BrokenIndex,
    /// Another process has the lock.
    Busy,
    /// The index is not valid at the time of the host: not yet, or no longer.
    Clock,
    /// The packages exclude each other, or need what is not to be had.
    Conflict,
    /// The user may not do this.
    Denied,
    /// There is no room left.
    DiskFull,
    /// A package that nobody asked for would change although it is held.
    Held,
    /// An earlier run was cut short.
    Interrupted,
    /// A source of packages cannot be reached.
    Offline,
    /// The index was not made new for a while.
    OldIndex,
    /// Anything else.
    Other,
    /// The file system is read-only.
    ReadOnly,
    /// The index names files that its source no longer has.
    StaleIndex,
    /// A package, or a version of it, is not in the index.
    UnknownPackage,
    /// What a source offers is not signed by a key that the host trusts.
    Untrusted,
}

/// Pieces of complaints and what they mean; the first that is found counts.
pub(super) type Meanings = [(&'static str, FaultKind)];

/// What an operator can do about what a package tool said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Said(String);

impl Fault {
    pub(super) fn new(kind: FaultKind, said: impl Into<String>) -> Self {
        Self { kind, said: said.into() }
    }

    /// Finds the meaning of what a tool printed.
    pub(super) fn of(printed: &str, meanings: &Meanings) -> Self {
        let found = meanings.iter().find(|(piece, _)| printed.contains(piece));
        let kind = found.map_or(FaultKind::Other, |(_, kind)| *kind);
        let piece = found.map_or("", |(piece, _)| piece);
        Self::new(kind, excerpt(printed, piece))
    }

    /// The error that says `what` was not done.
    pub(super) fn into_error(self, what: &str, tool: &str, place: &str) -> HostError {
        let error = HostError::new(self.kind.host_kind(), what).at(place);
        let error = match self.kind.remedy() {
            Some(remedy) => error.remedy(remedy.replace("TOOL", tool)),
            None => error,
        };
        error.caused_by(Said(self.said))
    }
}

impl FaultKind {
    /// Whether it is the change itself that cannot be as it was asked for.
    pub(super) const fn is_of_the_change(self) -> bool {
        matches!(self, Self::Conflict | Self::Held | Self::UnknownPackage)
    }

    const fn host_kind(self) -> HostErrorKind {
        match self {
            Self::Busy => HostErrorKind::Busy,
            Self::Denied => HostErrorKind::Denied,
            Self::Held => HostErrorKind::Blocked,
            Self::Offline => HostErrorKind::Unreachable,
            Self::UnknownPackage => HostErrorKind::NotFound,
            _ => HostErrorKind::Failed,
        }
    }

    const fn remedy(self) -> Option<&'static str> {
        Some(match self {
            Self::BrokenIndex => {
                "a source of packages serves a damaged index: look at the sources of TOOL, or try later"
            }
            Self::Busy => "wait until the other process has ended",
            Self::Clock => "set the clock of the host",
            Self::Conflict => "ask for packages that go together, or remove the others first",
            Self::Denied => "log in as root, or allow sudo",
            Self::DiskFull => "make room on the host, then run again: what was cut short is mended",
            Self::Held => "release it in its score, or on the host",
            Self::Interrupted => "the database of TOOL is damaged beyond what it mends itself",
            Self::Offline => "check the network of the host and the sources of TOOL",
            Self::ReadOnly => "mount the file system for writing",
            Self::StaleIndex => {
                "a source names files that it does not have: look at the sources of TOOL, or try later"
            }
            Self::UnknownPackage => "check the spelling, the version and the sources of TOOL",
            Self::Untrusted => "give the host the key of the source, or remove the source",
            Self::OldIndex | Self::Other => return None,
        })
    }

    /// What it is called where it is told to the operator.
    const fn name(self) -> &'static str {
        match self {
            Self::BrokenIndex => "the index is damaged",
            Self::Busy => "another process has the lock",
            Self::Clock => "the index is not valid at the time of the host",
            Self::Conflict => "the packages do not go together",
            Self::Denied => "not allowed",
            Self::DiskFull => "no room is left",
            Self::Held => "a held package would change",
            Self::Interrupted => "an earlier run was cut short",
            Self::Offline => "a source cannot be reached",
            Self::OldIndex => "the index is old",
            Self::Other => "failed",
            Self::ReadOnly => "the file system is read-only",
            Self::StaleIndex => "the index is out of date",
            Self::UnknownPackage => "not known",
            Self::Untrusted => "not signed by a trusted key",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        if self.said.is_empty() { Ok(()) } else { write!(f, ": {}", self.said) }
    }
}

/// The line that tells most, and a few after it: with the piece that was recognised, or else the last ones.
fn excerpt(printed: &str, piece: &str) -> String {
    const LINES: usize = 4;
    let lines: Vec<&str> = printed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let telling = |line: &&str| !piece.is_empty() && line.contains(piece);
    let last = lines.len().saturating_sub(LINES);
    let from = lines.iter().position(telling).unwrap_or(last);
    let kept = lines[from..].iter().take(LINES).map(|line| shown(line));
    kept.collect::<Vec<_>>().join("; ")
}

/// A line of foreign output, shortened, with what would disturb a terminal escaped.
pub(super) fn shown(line: &str) -> String {
    const MOST: usize = 300;
    Printable::of(line).at_most(MOST).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_meaning_counts_and_its_line_is_told() {
        let meanings = [("No space", FaultKind::DiskFull), ("E:", FaultKind::Conflict)];
        let printed = "Reading…\nE: one\nE: write (28: No space left)\n";
        let fault = Fault::of(printed, &meanings);
        assert_eq!(fault.kind, FaultKind::DiskFull);
        assert_eq!(fault.said, "E: write (28: No space left)");
    }

    #[test]
    fn what_is_not_recognised_is_told_from_its_end_and_cannot_disturb_a_terminal() {
        let fault = Fault::of("a\nb\nc\nd\n\n\x1b[31me", &[]);
        assert_eq!(fault.kind, FaultKind::Other);
        assert_eq!(fault.said, "b; c; d; \\u{1b}[31me");
    }

    #[test]
    fn an_error_says_what_to_do() {
        let fault = Fault::new(FaultKind::UnknownPackage, "E: Unable to locate package x");
        let error = fault.into_error("install x", "apt", "h1");
        assert_eq!(
            error.to_string(),
            "install x on h1: not found; check the spelling, the version and the sources of apt"
        );
    }
}
