use std::{borrow::Cow, fmt};

use harmony_types::Printable;

/// How a command ended and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: Captured,
    /// Its standard error output.
    pub stderr: Captured,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// With this code; 0 is success.
    Code(u32),
    /// By this signal, such as `KILL`.
    Signal(String),
}

/// The beginning of what a command wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The bytes that were kept.
    pub bytes: Vec<u8>,
    /// How many more there were.
    pub dropped: u64,
}

impl Output {
    /// Whether it ended with code 0.
    pub fn succeeded(&self) -> bool {
        self.status == ExitStatus::Code(0)
    }

    /// The last lines of what it complained about, for an error: from its standard error output, or else its
    /// standard output, with control characters escaped.
    pub fn complaint(&self) -> String {
        const LINES: usize = 5;
        let said = [&self.stderr, &self.stdout].map(|stream| stream.text().trim().to_owned());
        let said = said.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let last = &lines[lines.len().saturating_sub(LINES)..];
        last.iter().map(|line| Printable::of(line).to_string()).collect::<Vec<_>>().join("; ")
    }
}

impl Captured {
    /// All of `bytes`.
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), dropped: 0 }
    }

    /// As text, with a replacement character for what is not UTF-8.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Whether nothing was dropped.
    pub const fn is_whole(&self) -> bool {
        self.dropped == 0
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "code {code}"),
            Self::Signal(name) => write!(f, "signal {name}"),
        }
    }
}
