//! What progress is counted in.

use serde::{Deserialize, Serialize};

/// What progress is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Things of one kind: hosts, files, pods.
    Items,
}
