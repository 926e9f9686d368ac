use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use harmony_capabilities::host::{Entry, EntryKind, Ownership, Permissions};
use harmony_types::{ByteSize, HostPath, Sha256Digest};
use sha2::{Digest, Sha256};

use crate::linux::Surroundings;
use crate::linux::marks::{Marked, Marks};
use crate::linux::reads::{Kind, MOST_CONTENT, Malformed, Said, Script};

/// What is at a path.
#[derive(Debug)]
pub(in crate::linux) struct Entries;

/// What a look at a path found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::linux) enum Found {
    /// It is there.
    Entry(Entry),
    /// The login may not see whether, or what, it is.
    Hidden,
}

impl Kind for Entries {
    type Key = HostPath;
    type Answer = Found;

    fn render(paths: &[HostPath], host: &Surroundings, script: &mut Script) {
        script.section("entries", include_str!("entries.sh"), paths.iter().map(HostPath::as_str));
        for path in paths {
            script.file(path.as_str());
            script.file(host.marks.path(Marked::File, path.as_str()));
            script.file(host.marks.path(Marked::Directory, path.as_str()));
        }
    }

    fn parse(
        paths: &[HostPath],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<HostPath, Found>, Malformed> {
        let seen = Seen::read(&said.section("entries")?.bytes)?;
        let mut found = HashMap::with_capacity(paths.len());
        for path in paths {
            if let Some(line) = seen.lines.get(path.as_str()) {
                found.insert(path.clone(), line.found(path, host, said, &seen)?);
            } else if seen.hidden.contains(path.as_str()) {
                found.insert(path.clone(), Found::Hidden);
            }
        }
        Ok(found)
    }
}

/// What the section says, by path.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    hidden: HashSet<String>,
    lines: HashMap<String, Line>,
    links: HashMap<String, String>,
    digests: HashMap<String, Sha256Digest>,
}

/// One line of `stat`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    mode: u32,
    size: u64,
    ownership: Ownership,
    changed_at: u64,
}

impl Seen {
    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let text = String::from_utf8_lossy(bytes);
        let mut fields = text.split('\0');
        let mut next = || fields.next().ok_or_else(|| Malformed::new("the entries end too early"));
        let mut seen = Self::default();
        loop {
            match next()? {
                "" => break,
                path => seen.hidden.insert(path.to_owned()),
            };
        }
        if next()? == "0" {
            return Ok(seen);
        }
        for line in next()?.lines() {
            let (path, line) =
                Line::read(line).ok_or_else(|| Malformed::new(format!("stat says {line:?}")))?;
            seen.lines.insert(path, line);
        }
        if seen.lines.is_empty() {
            return Err(Malformed::new("stat tells nothing: one that knows -c is needed"));
        }
        loop {
            match next()? {
                "" => break,
                path => seen.links.insert(path.to_owned(), next()?.to_owned()),
            };
        }
        seen.digests = next()?.lines().filter_map(digest).collect();
        Ok(seen)
    }
}

impl Line {
    /// Reads `MODE/SIZE/UID/GID/SECONDS/TIME/USER/GROUP/PATH`, where the path begins with a slash of its own.
    fn read(line: &str) -> Option<(String, Self)> {
        let mut fields = line.splitn(9, '/');
        let mode = u32::from_str_radix(fields.next()?, 16).ok()?;
        let size = fields.next()?.parse().ok()?;
        let (uid, gid) = (fields.next()?, fields.next()?);
        let seconds: u64 = fields.next()?.parse().ok()?;
        let changed_at = seconds.checked_mul(1_000_000)? + microseconds(fields.next()?);
        let (user, group) = (named(fields.next()?, uid), named(fields.next()?, gid));
        let path = fields.next().filter(|path| path.starts_with('/'))?.to_owned();
        Some((path, Self { mode, size, ownership: Ownership { user, group }, changed_at }))
    }

    fn found(
        &self,
        path: &HostPath,
        host: &Surroundings,
        said: &Said,
        seen: &Seen,
    ) -> Result<Found, Malformed> {
        const KIND: u32 = 0o170_000;
        let name = path.as_str();
        let mark = |kind| Marks::read(name, said.file(&host.marks.path(kind, name)));
        let (kind, mark) = match self.mode & KIND {
            0o040_000 => (EntryKind::Directory, mark(Marked::Directory)),
            0o100_000 => match self.file(name, said, seen)? {
                Some(file) => (file, mark(Marked::File)),
                None => return Ok(Found::Hidden),
            },
            0o120_000 => {
                (EntryKind::Symlink(seen.links.get(name).cloned().unwrap_or_default()), None)
            }
            other => (EntryKind::Other(other_kind(other).to_owned()), None),
        };
        let permissions = Permissions::from_bits(u16::try_from(self.mode & 0o7777).unwrap_or(0));
        let (ownership, changed_at) = (self.ownership.clone(), self.changed_at);
        Ok(Found::Entry(Entry { kind, permissions, ownership, changed_at, mark }))
    }

    /// The file as it was when its content was read, which may be a little later than the rest; none where it
    /// may not be read.
    fn file(&self, path: &str, said: &Said, seen: &Seen) -> Result<Option<EntryKind>, Malformed> {
        let Some(content) = said.file(path) else { return Ok(None) };
        if content.len() as u64 <= MOST_CONTENT {
            let digest = Sha256Digest::new(Sha256::digest(content).into());
            let size = ByteSize::bytes(content.len() as u64);
            return Ok(Some(EntryKind::File { size, digest, content: Some(Arc::from(content)) }));
        }
        let digest = *seen.digests.get(path).ok_or_else(|| {
            Malformed::new(format!("{path} has no digest: it grew, or there is no sha256sum"))
        })?;
        Ok(Some(EntryKind::File { size: ByteSize::bytes(self.size), digest, content: None }))
    }
}

/// The fraction of `2026-11-21 15:59:39.671839079 +0000`.
fn microseconds(time: &str) -> u64 {
    let fraction = time.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).chain(std::iter::repeat(b'0'));
    digits.take(6).fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}

/// A name, or the number where the host has none for it.
fn named(name: &str, number: &str) -> String {
    if name.is_empty() || name == "UNKNOWN" { number.to_owned() } else { name.to_owned() }
}

fn other_kind(mode: u32) -> &'static str {
    match mode {
        0o010_000 => "a pipe",
        0o020_000 => "a character device",
        0o060_000 => "a block device",
        0o140_000 => "a socket",
        _ => "neither file nor directory",
    }
}

/// Reads `DIGEST  PATH`, where a backslash at the start says that those in the path are doubled.
fn digest(line: &str) -> Option<(String, Sha256Digest)> {
    let escaped = line.strip_prefix('\\');
    let (digest, path) = escaped.unwrap_or(line).split_once("  ")?;
    let path = if escaped.is_some() { path.replace("\\\\", "\\") } else { path.to_owned() };
    Some((path, digest.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_of_stat_is_understood() {
        let line =
            "81a4/3/0/12/1795276779/2026-11-21 15:59:39.671839079 +0000/root/UNKNOWN//etc/a  b/c";
        let (path, line) = Line::read(line).unwrap();
        assert_eq!(path, "/etc/a  b/c");
        assert_eq!((line.mode, line.size), (0o100_644, 3));
        assert_eq!(line.ownership.to_string(), "root:12");
        assert_eq!(line.changed_at, 1_795_276_779_671_839);
        let coarse = "81a4/3/0/12/1795276779/2026-11-21 15:59:39/root/root//f";
        assert_eq!(Line::read(coarse).unwrap().1.changed_at, 1_795_276_779_000_000);
    }

    #[test]
    fn what_may_not_be_seen_is_not_called_missing() {
        let seen = Seen::read(b"/root/x\0\x000\0").unwrap();
        assert!(seen.hidden.contains("/root/x") && seen.lines.is_empty());
        Seen::read(b"\x001\0").unwrap_err();
        let silent = Seen::read(b"\x001\0\0\0").unwrap_err();
        assert!(silent.to_string().contains("-c"), "{silent}");
    }

    #[test]
    fn a_doubled_backslash_is_one() {
        let hex = "ab".repeat(32);
        assert_eq!(digest(&format!("{hex}  /a\\b")).unwrap().0, "/a\\b");
        assert_eq!(digest(&format!("\\{hex}  /a\\\\b")).unwrap().0, "/a\\b");
        assert_eq!(digest("no digest"), None);
    }

    proptest! {
        #[test]
        fn whatever_a_host_says_is_no_panic(bytes: Vec<u8>, text in "(\\PC|[/\\n\0])*") {
            drop(Seen::read(&bytes));
            drop(Seen::read(text.as_bytes()));
        }
    }
}
