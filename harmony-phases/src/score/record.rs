//! A score as data.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Score;
use crate::StepId;

/// A score with its type erased: what a stored plan keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRecord {
    /// The step that it is.
    pub id: StepId,
    /// The description.
    pub value: serde_json::Value,
    /// SHA-256 of the description, in hex: equal descriptions have equal digests.
    pub digest: String,
}

impl ScoreRecord {
    /// Records `score`.
    pub fn of<T: Sync>(score: &(impl Score<T> + ?Sized)) -> Self {
        let value = score.to_value();
        let digest = digest(&value);
        Self { id: score.name().into(), value, digest }
    }
}

/// SHA-256 of `value` in hex; `serde_json` keeps the keys of an object sorted.
pub(crate) fn digest(value: &serde_json::Value) -> String {
    use std::fmt::Write as _;
    let hash = Sha256::digest(value.to_string().as_bytes());
    hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
