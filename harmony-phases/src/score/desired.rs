//! The score trait.

use std::{fmt::Debug, sync::Arc};

use super::Interpret;
use crate::{Describe, describe::describe_like};

/// The description of one desired thing, on topologies that offer what it needs.
///
/// Bound it on capabilities, never on phases: `impl<T: DhcpServer> Score<T> for DhcpScore`. Then
/// it runs in every phase, on every provider, and on every higher-order topology that offers them.
#[diagnostic::on_unimplemented(
    message = "score `{Self}` cannot run on `{T}`",
    label = "needs a capability that `{T}` does not offer",
    note = "insert the transition that leads to a phase with that capability before this score"
)]
pub trait Score<T: Sync>: Describe + Debug + Send + Sync {
    /// The description as data, so that a plan can be stored, hashed and compared.
    fn to_value(&self) -> serde_json::Value;

    /// Makes a worker; it may be called several times, so the worker keeps nothing between calls.
    fn create_interpret(&self) -> Box<dyn Interpret<T>>;
}

/// So that one list can hold scores of several types, and one score can be held in several lists.
macro_rules! score_behind {
    ($($pointer:ident),*) => {$(
        impl<T: Sync> Describe for $pointer<dyn Score<T>> {
            describe_like!(self => (**self));
        }

        impl<T: Sync> Score<T> for $pointer<dyn Score<T>> {
            fn to_value(&self) -> serde_json::Value {
                (**self).to_value()
            }
            fn create_interpret(&self) -> Box<dyn Interpret<T>> {
                (**self).create_interpret()
            }
        }
    )*};
}

score_behind!(Arc, Box);
