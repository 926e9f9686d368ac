//! What a score says about whose its object is.

use serde::{Deserialize, Serialize};

/// What a score says about whose its object is, and how safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    /// Takes over an object that exists without this site's mark; otherwise it is `Blocked`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopt: bool,
    /// Survives prune and teardown; a plan that would take it away is `Blocked`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protect: bool,
}

impl Custody {
    /// Takes over what exists.
    #[must_use]
    pub const fn adopting(mut self) -> Self {
        self.adopt = true;
        self
    }

    /// Survives prune and teardown.
    #[must_use]
    pub const fn protected(mut self) -> Self {
        self.protect = true;
        self
    }
}
