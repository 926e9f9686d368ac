use std::{collections::BTreeMap, fmt, path::Path, sync::Arc, time::Duration};

use harmony_phases::Secret;
use harmony_types::{ByteSize, Printable};

/// A command as a list of words, which no shell reads, and what it is fed.
///
/// A secret goes to its standard input, never among its words: words are seen by everybody on a
/// host, and in errors, events and logs.
///
/// ```
/// use harmony_capabilities::host::Command;
/// let command = Command::new("install").args(["-d", "/srv/my files"]).as_root();
/// assert_eq!(command.words(), ["install", "-d", "/srv/my files"]);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Command {
    words: Vec<String>,
    environment: BTreeMap<String, String>,
    input: Input,
    run_as: RunAs,
    deadline: Option<Duration>,
    keep: ByteSize,
}

/// What a command reads from its standard input.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// What is in this local file, streamed. Where it cannot be read to its end, the command sees an early end:
    /// it has to know how much there is.
    File(Arc<Path>),
    /// Nothing: it is at its end at once.
    #[default]
    Nothing,
    /// A secret, which is not shown anywhere.
    Secret(Arc<Secret<String>>),
}

/// As whom a command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunAs {
    /// As the user who logged in.
    #[default]
    Login,
    /// As root: through sudo where the login is somebody else.
    Root,
}

impl Command {
    /// How much of each output is kept unless a command says otherwise: 1 MiB.
    pub const KEPT: ByteSize = ByteSize::mib(1);

    /// A program, found by the host's search path unless it is a path.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            words: vec![program.into()],
            environment: BTreeMap::new(),
            input: Input::Nothing,
            run_as: RunAs::Login,
            deadline: None,
            keep: Self::KEPT,
        }
    }

    /// A script for the host's POSIX shell; give it what varies as arguments, which it sees as `"$1"`, `"$2"`, ….
    pub fn script(script: impl Into<String>) -> Self {
        Self::new("sh").arg("-c").arg(script).arg("sh")
    }

    /// Adds a word.
    pub fn arg(mut self, word: impl Into<String>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Adds words.
    pub fn args(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.words.extend(words.into_iter().map(Into::into));
        self
    }

    /// Sets a variable of its environment; never a secret.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// Feeds it these bytes.
    pub fn input(mut self, bytes: impl Into<Arc<[u8]>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Feeds it what is in a local file, streaming and with progress.
    pub fn input_file(mut self, path: impl Into<Arc<Path>>) -> Self {
        self.input = Input::File(path.into());
        self
    }

    /// Feeds it a secret.
    pub fn secret_input(mut self, secret: Arc<Secret<String>>) -> Self {
        self.input = Input::Secret(secret);
        self
    }

    /// Runs it as root.
    pub fn as_root(mut self) -> Self {
        self.run_as = RunAs::Root;
        self
    }

    /// Ends it when it takes longer than this.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Keeps at most this much of each of its outputs; the rest is read and counted.
    pub fn keep(mut self, most: ByteSize) -> Self {
        self.keep = most;
        self
    }

    /// The program and its arguments.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The variables that are set for it.
    pub const fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// What it is fed.
    pub const fn fed(&self) -> &Input {
        &self.input
    }

    /// As whom it runs.
    pub const fn run_as(&self) -> RunAs {
        self.run_as
    }

    /// How long it may take.
    pub const fn time_limit(&self) -> Option<Duration> {
        self.deadline
    }

    /// How much of each output is kept.
    pub const fn kept(&self) -> ByteSize {
        self.keep
    }
}

/// Its program and arguments, shortened, with what would disturb a terminal escaped.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 120;
        let line = self.words.join(" ");
        Printable::of(&line).at_most(MOST).fmt(f)
    }
}
