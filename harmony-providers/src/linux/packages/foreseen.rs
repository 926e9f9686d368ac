//! What simulations told, for as long as nothing has moved that they stand on.
//!
//! A change is simulated for the plan and again right before it is made, and a simulation of a hundred
//! packages takes apt a second. The second one would tell the same unless somebody came in between,
//! and whether somebody did is seen in the files that decide what is told.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The simulations of one host.
#[derive(Debug, Default)]
pub(in crate::linux) struct Foreseen {
    /// By what was simulated.
    told: Mutex<HashMap<Vec<String>, Foresight>>,
}

/// What one simulation told, and what it stood on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foresight {
    pub(super) ground: String,
    pub(super) printed: String,
}

impl Foreseen {
    /// What was told when this was simulated last.
    pub(super) fn of(&self, words: &[String]) -> Option<Foresight> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).get(words).cloned()
    }

    /// Keeps what was told, and forgets what stood on other ground.
    pub(super) fn keep(&self, words: Vec<String>, foresight: Foresight) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, old| old.ground == foresight.ground);
        told.insert(words, foresight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_on_other_ground_is_forgotten() {
        let foreseen = Foreseen::default();
        let words = |word: &str| vec![word.to_owned()];
        let on = |ground: &str| Foresight { ground: ground.into(), printed: "Inst a".into() };
        foreseen.keep(words("a"), on("1 2"));
        foreseen.keep(words("b"), on("1 2"));
        assert_eq!(foreseen.of(&words("a")), Some(on("1 2")));
        foreseen.keep(words("b"), on("3 4"));
        assert_eq!(foreseen.of(&words("a")), None);
        assert_eq!(foreseen.of(&words("b")), Some(on("3 4")));
    }
}
