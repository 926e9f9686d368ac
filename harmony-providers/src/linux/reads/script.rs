use std::collections::BTreeSet;
use std::fmt::Write as _;

use harmony_capabilities::host::Command;
use harmony_types::ByteSize;
use uuid::Uuid;

use super::{Malformed, Said};

const PRELUDE: &str = include_str!("prelude.sh");

/// How much of a file is brought along with the reads.
pub(in crate::linux) const MOST_CONTENT: u64 = 64 * 1024;

/// How many files one process reads.
const FILES_AT_ONCE: usize = 128;

/// A script up to this length travels as an argument, a longer one as standard input: one argument
/// has at most 128 KiB on Linux, and quoting it again for a login shell may make it four times as long.
const LONGEST_ARGUMENT: usize = 24 * 1024;

/// How much one section may answer beside the content of files.
const SECTION_SAYS: u64 = 2 * 1024 * 1024;

/// One POSIX script that answers the questions of a tick.
///
/// Names are words of its commands, quoted for the shell; nothing is pasted into its text.
#[derive(Debug)]
pub(in crate::linux) struct Script {
    nonce: String,
    sections: Vec<Section>,
    files: BTreeSet<String>,
    patterns: Vec<&'static str>,
    follow: bool,
}

#[derive(Debug)]
struct Section {
    name: &'static str,
    body: &'static str,
    words: Vec<String>,
}

impl Script {
    pub(in crate::linux) fn new() -> Self {
        Self::with_nonce(Uuid::new_v4().simple().to_string())
    }

    fn with_nonce(nonce: String) -> Self {
        let (sections, files, patterns) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { nonce, sections, files, patterns, follow: false }
    }

    /// Has `body` run with `words` as `"$1"`, `"$2"`, …; what it prints is the section of this name.
    ///
    /// `body` is the body of a function of this name, so it needs no process of its own; it must not exit.
    pub(in crate::linux) fn section(
        &mut self,
        name: &'static str,
        body: &'static str,
        words: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let words = words.into_iter().map(Into::into).collect();
        self.sections.push(Section { name, body, words });
    }

    /// Brings the content of a regular file along, where there is one: its first [`MOST_CONTENT`] bytes.
    pub(in crate::linux) fn file(&mut self, path: impl Into<String>) {
        self.files.insert(path.into());
    }

    /// Brings the contents of the files along that the host's shell finds for a pattern.
    pub(in crate::linux) fn pattern(&mut self, pattern: &'static str) {
        self.patterns.push(pattern);
    }

    /// Follows symbolic links to files.
    #[must_use]
    pub(in crate::linux) fn following_links(mut self) -> Self {
        self.follow = true;
        self
    }

    /// The command that runs it.
    pub(in crate::linux) fn command(&self) -> Result<Command, Malformed> {
        let text = self.text()?;
        let files = (self.files.len() + 64 * self.patterns.len()) as u64 * (MOST_CONTENT + 4096);
        let keep = ByteSize::bytes(files + SECTION_SAYS * (self.sections.len() as u64 + 1));
        let command = if text.len() <= LONGEST_ARGUMENT {
            Command::new("sh").arg("-c").arg(text)
        } else {
            Command::new("sh").input(text.into_bytes())
        };
        Ok(command.keep(keep))
    }

    fn text(&self) -> Result<String, Malformed> {
        let mut text = String::new();
        let Self { nonce, .. } = self;
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "SECTION={nonce}s FRAME={nonce}f MOST={} FOLLOW={}",
            MOST_CONTENT + 1,
            if self.follow { "yes" } else { "no" }
        );
        text.push_str(PRELUDE);
        for Section { name, body, words } in &self.sections {
            let _ = writeln!(text, "{name}() {{\n{body}\n}}");
            call(&mut text, name, &quoted(words)?);
        }
        for (list, paths) in self.lists().into_iter().enumerate() {
            let mut words = quoted(&paths)?;
            if list == 0 {
                words = [&[words.as_str()], self.patterns.as_slice()].concat().join(" ");
            }
            call(&mut text, "files", &words);
        }
        Ok(text)
    }

    /// Reads what it printed.
    pub(in crate::linux) fn read(&self, stdout: &[u8]) -> Result<Said, Malformed> {
        let names = self.sections.iter().map(|section| section.name);
        Said::read(&self.nonce, stdout, names, self.lists().len())
    }

    /// The files, in lists that one process each reads; the first one brings the patterns along.
    fn lists(&self) -> Vec<Vec<&String>> {
        let files: Vec<&String> = self.files.iter().collect();
        let mut lists: Vec<_> = files.chunks(FILES_AT_ONCE).map(<[_]>::to_vec).collect();
        if lists.is_empty() && !self.patterns.is_empty() {
            lists.push(Vec::new());
        }
        lists
    }
}

fn quoted(words: &[impl AsRef<str>]) -> Result<String, Malformed> {
    shlex::try_join(words.iter().map(AsRef::as_ref))
        .map_err(|_| Malformed::new("a name with a NUL in it cannot be asked for"))
}

fn call(text: &mut String, name: &str, words: &str) {
    let _ = writeln!(text, "begin {name}\n{name} {words} </dev/null\nend $?");
}
