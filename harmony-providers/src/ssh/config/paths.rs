//! `%` tokens and `~` in values.

use std::path::{Path, PathBuf};

use super::error::{ConfigError, ConfigErrorKind};

/// What tokens stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens<'a> {
    /// `%d`: the home folder.
    pub(super) home: &'a Path,
    /// `%h`: the host that is connected to.
    pub(super) host: &'a str,
    /// `%n`: the host as it was asked for.
    pub(super) asked: &'a str,
    /// `%p`: the port.
    pub(super) port: u16,
    /// `%r`: the user there.
    pub(super) user: &'a str,
    /// `%u`: the user here.
    pub(super) local_user: &'a str,
}

impl Tokens<'_> {
    /// The value, with every token replaced.
    pub(super) fn expand(&self, value: &str) -> Result<String, ConfigError> {
        let mut expanded = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('%') {
            expanded.push_str(before);
            let unknown = || ConfigError::new(ConfigErrorKind::UnknownToken(value.to_owned()));
            let token = after.chars().next().ok_or_else(unknown)?;
            match token {
                '%' => expanded.push('%'),
                'd' => expanded.push_str(&self.home.to_string_lossy()),
                'h' => expanded.push_str(self.host),
                'n' => expanded.push_str(self.asked),
                'p' => expanded.push_str(&self.port.to_string()),
                'r' => expanded.push_str(self.user),
                'u' => expanded.push_str(self.local_user),
                _ => return Err(unknown()),
            }
            rest = &after[token.len_utf8()..];
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    /// The path, with every token and a leading `~` replaced.
    pub(super) fn path(&self, value: &str) -> Result<PathBuf, ConfigError> {
        let value = self.expand(value)?;
        Ok(match value.strip_prefix('~') {
            Some("") => self.home.to_owned(),
            Some(below) if below.starts_with('/') => self.home.join(below.trim_start_matches('/')),
            _ => PathBuf::from(value),
        })
    }
}
