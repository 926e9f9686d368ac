//! What the errors of all domains have in common: what was asked, where, how it failed, and what to do about it.

use std::{error::Error, fmt, sync::Arc};

/// What caused a failure, shared by the copies of its error.
pub(crate) type Source = Arc<dyn Error + Send + Sync>;

/// Writes an error around the kinds of failure of its domain.
///
/// The kinds have a `Cancelled` and a `Failed`, and say by `of_step` what each is to the step that fails with it.
macro_rules! failure {
    ($(#[$doc:meta])* $error:ident of $kind:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $error {
            kind: $kind,
            what: String,
            at: Option<String>,
            remedy: Option<String>,
            source: Option<$crate::failure::Source>,
        }

        impl $error {
            /// A failure of `kind` to do `what`, a fragment that reads after "failed to …".
            pub fn new(kind: $kind, what: impl Into<String>) -> Self {
                Self { kind, what: what.into(), at: None, remedy: None, source: None }
            }

            /// Says where: who was asked.
            #[must_use]
            pub fn at(mut self, at: impl Into<String>) -> Self {
                self.at = Some(at.into());
                self
            }

            /// Says what it was for, in place of the part of it that failed.
            #[must_use]
            pub fn doing(mut self, what: impl Into<String>) -> Self {
                self.what = what.into();
                self
            }

            /// Adds the cause.
            #[must_use]
            pub fn caused_by(mut self, source: impl Into<::harmony_phases::BoxError>) -> Self {
                self.source = Some(source.into().into());
                self
            }

            /// Adds what the operator can do about it.
            #[must_use]
            pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
                self.remedy = Some(remedy.into());
                self
            }

            /// What kind of failure it was.
            pub const fn kind(&self) -> $kind {
                self.kind
            }

            /// What was asked.
            pub fn what(&self) -> &str {
                &self.what
            }

            /// What to do about it, where that is known.
            pub fn advice(&self) -> Option<&str> {
                self.remedy.as_deref()
            }
        }

        impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let Self { kind, what, at, remedy, .. } = self;
                write!(f, "{}: {kind}", $crate::failure::placed(what, at.as_deref()))?;
                match remedy {
                    Some(remedy) => write!(f, "; {remedy}"),
                    None => Ok(()),
                }
            }
        }

        impl ::std::error::Error for $error {
            fn source(&self) -> Option<&(dyn ::std::error::Error + 'static)> {
                self.source.as_deref().map(|source| source as &(dyn ::std::error::Error + 'static))
            }
        }

        impl From<::harmony_phases::context::EffectError> for $error {
            fn from(error: ::harmony_phases::context::EffectError) -> Self {
                let kind = if error.is_cancelled() { $kind::Cancelled } else { $kind::Failed };
                Self::new(kind, error.intent().to_string()).caused_by(error)
            }
        }

        impl From<::harmony_phases::secret::SecretError> for $error {
            fn from(error: ::harmony_phases::secret::SecretError) -> Self {
                Self::new($kind::Failed, "resolve a secret").caused_by(error)
            }
        }

        /// The step says what, where and what to do; how it failed and why are its causes.
        impl From<$error> for ::harmony_phases::InterpretError {
            fn from(error: $error) -> Self {
                let $error { kind, what, at, remedy, source } = error;
                let what = $crate::failure::placed(&what, at.as_deref()).to_string();
                let failure = Self::new(kind.of_step(), what);
                let failure = match source {
                    // The step says that it failed.
                    Some(source) if kind == $kind::Failed => failure.caused_by(source),
                    source => failure.caused_by($crate::failure::Cause { kind, source }),
                };
                match remedy {
                    Some(remedy) => failure.remedy(remedy),
                    None => failure,
                }
            }
        }
    };
}

pub(crate) use failure;

/// What was asked, and where.
pub(crate) fn placed(what: &str, at: Option<&str>) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        f.write_str(what)?;
        at.map_or(Ok(()), |at| write!(f, " on {at}"))
    })
}

/// What is left of an error below the sentence that a step makes of it: how it failed, and its own cause.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub(crate) struct Cause<K: fmt::Display> {
    pub(crate) kind: K,
    #[source]
    pub(crate) source: Option<Source>,
}
