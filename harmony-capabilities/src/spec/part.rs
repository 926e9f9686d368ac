use super::SpecError;

/// What a builder takes where a part of a spec is wanted: the part, or the attempt to make it.
///
/// A failed attempt is told by `build()`, so that `.disk(Disk::volume("images", "web.qcow2"))`
/// needs no `?`.
#[derive(Clone, Debug)]
pub struct Part<T>(Result<T, SpecError>);

impl<T> Part<T> {
    /// Returns the part, or what is wrong with it, as part of `what`.
    pub(crate) fn of(self, what: &str) -> Result<T, SpecError> {
        self.0.map_err(|error| error.within(what))
    }
}

impl<T> From<T> for Part<T> {
    fn from(part: T) -> Self {
        Self(Ok(part))
    }
}

impl<T> From<Result<T, SpecError>> for Part<T> {
    fn from(attempt: Result<T, SpecError>) -> Self {
        Self(attempt)
    }
}
