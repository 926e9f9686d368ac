//! Collects everything that is wrong with an input, so that it is all reported at once.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Error, Result};

/// The faults found so far.
#[derive(Default)]
pub(crate) struct Faults(Option<Error>);

impl Faults {
    /// Notes `what` is wrong at the token `at`.
    pub(crate) fn at(&mut self, at: impl ToTokens, what: impl Display) {
        self.push(Error::new_spanned(at, what));
    }

    /// Notes an error that is there already.
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Takes the value of `result`, or notes its error.
    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Ends the collection: an error if anything was noted.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
