//! Why a text is no selector.

use thiserror::Error;

/// Why a text is no selector: it shows the text with the bad part underlined.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{rule}, at character {} of the selector:\n    {text}\n    {}{}",
    .at + 1, " ".repeat(*.at), "^".repeat(.length.max(&1).to_owned())
)]
pub struct SelectorError {
    pub(super) text: String,
    pub(super) rule: String,
    pub(super) at: usize,
    pub(super) length: usize,
}

impl SelectorError {
    /// Where the bad part begins, in characters from 0, and how many characters it has.
    pub const fn part(&self) -> (usize, usize) {
        (self.at, self.length)
    }
}
