//! What a guest printed on its serial line.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::wait;

/// The file a serial line is written to.
#[derive(Clone, Debug)]
pub struct SerialLog {
    path: PathBuf,
}

impl SerialLog {
    /// Watches the file at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file that is watched.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything printed so far; nothing when the file does not exist yet.
    pub fn text(&self) -> String {
        fs::read(&self.path)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Waits until a line contains `text`, and returns that line.
    ///
    /// # Errors
    /// When no line does within `deadline`; the error shows the last line that was printed.
    pub fn wait_for(&self, text: &str, deadline: Duration) -> Result<String> {
        wait::until(&format!("a serial line with {text:?}"), deadline, || {
            let printed = self.text();
            let found = printed.lines().find(|line| line.contains(text)).map(str::to_owned);
            found.ok_or_else(|| format!("{:?}", printed.lines().last().unwrap_or("nothing")))
        })
    }
}
