//! Why a secret could not be had.

use std::io;

use thiserror::Error;

use super::SecretRef;

/// Why a secret could not be had. It names the reference, never the content.
#[derive(Debug, Error)]
#[error("failed to resolve secret {reference}")]
pub struct SecretError {
    reference: SecretRef,
    #[source]
    kind: SecretErrorKind,
}

/// What was wrong.
#[derive(Debug, Error)]
pub enum SecretErrorKind {
    /// The file is there and others may read it.
    #[error("others than its owner can read the file; run: chmod 600 {0}")]
    Exposed(String),
    /// No source knows it.
    #[error("no configured source knows it; set the variable, write the file, or add the source")]
    Unknown,
    /// It is there and could not be read.
    #[error("it could not be read")]
    Unreadable(#[source] io::Error),
}

impl SecretError {
    /// What was wrong with `reference`.
    pub const fn new(reference: SecretRef, kind: SecretErrorKind) -> Self {
        Self { reference, kind }
    }

    /// No source knows `reference`.
    pub const fn unknown(reference: SecretRef) -> Self {
        Self::new(reference, SecretErrorKind::Unknown)
    }

    /// What was wrong.
    pub const fn kind(&self) -> &SecretErrorKind {
        &self.kind
    }
}
