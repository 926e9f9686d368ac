use std::{error::Error, fmt, path::PathBuf};

/// Why the configuration of `ssh` cannot be used: which file, which line, and what to do.
#[derive(Debug)]
pub struct ConfigError {
    file: Option<PathBuf>,
    line: Option<usize>,
    kind: ConfigErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// A file that is included has a section that is not supported.
    #[error(
        "a file that it includes has a `Match` section, which is not supported there; use `Host`, or leave the \
         configuration out (SshConfig::none)"
    )]
    IncludedMatch,
    /// A line cannot be understood.
    #[error("it cannot be understood")]
    Malformed,
    /// No user is named, and the local one has no name.
    #[error("no user is named and the local user has no name; write `user@host`")]
    NoUser,
    /// A way to the host that is not supported.
    #[error(
        "host `{0}` is reached by ProxyCommand, which is not supported; use ProxyJump, or leave the configuration \
         out (SshConfig::none)"
    )]
    ProxyCommand(String),
    /// A file cannot be read.
    #[error("it cannot be read")]
    Unreadable,
    /// A `%` token that is not known.
    #[error("`{0}` has a token that is not known; %% %d %h %n %p %r %u are")]
    UnknownToken(String),
    /// A value that is no host, port or way.
    #[error("{option} `{value}` is not usable")]
    Value {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
    },
}

impl ConfigError {
    pub(super) fn new(kind: ConfigErrorKind) -> Self {
        Self { file: None, line: None, kind, source: None }
    }

    pub(super) fn value(option: &'static str, value: &str) -> Self {
        let value = value.chars().take(80).flat_map(char::escape_debug).collect();
        Self::new(ConfigErrorKind::Value { option, value })
    }

    pub(super) fn in_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.file = Some(file.into());
        self
    }

    pub(super) fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The line, counted from 1, where there is one to blame.
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// What was wrong.
    pub const fn kind(&self) -> &ConfigErrorKind {
        &self.kind
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration of ssh is not usable: ")?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "line {line} of {}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, _) => {}
        }
        self.kind.fmt(f)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
