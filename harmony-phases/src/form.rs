//! Reading what an earlier, or a later, Harmony has written.

use serde::{Deserialize, de::DeserializeOwned};
use thiserror::Error;

/// Why a stored plan or event cannot be read.
#[derive(Debug, Error)]
pub enum FormError {
    /// It is no JSON of the expected form.
    #[error("it is not of the expected form")]
    Malformed(#[source] serde_json::Error),
    /// It was written by a later Harmony.
    #[error(
        "it is of version {found}, and this Harmony reads up to {known}; read it with the one that wrote it, or a later one"
    )]
    Newer {
        /// The version found.
        found: u16,
        /// The latest version that is known.
        known: u16,
    },
}

#[derive(Deserialize)]
struct Versioned {
    v: u16,
}

/// Reads `text`, whose field `v` says its version, unless that is later than `known`.
pub(crate) fn read<T: DeserializeOwned>(text: &str, known: u16) -> Result<T, FormError> {
    let Versioned { v: found } = serde_json::from_str(text).map_err(FormError::Malformed)?;
    if found > known {
        return Err(FormError::Newer { found, known });
    }
    serde_json::from_str(text).map_err(FormError::Malformed)
}
