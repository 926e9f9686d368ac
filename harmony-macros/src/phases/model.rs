//! What a `#[phases]` module declares.

use quote::ToTokens;
use syn::{Ident, Member, Path, Type};

/// A whole module.
pub(super) struct Graph {
    pub(super) module: Ident,
    pub(super) any: Ident,
    pub(super) phases: Vec<Phase>,
}

/// One struct with `#[start]`, `#[resting]` or `#[transient]`.
pub(super) struct Phase {
    pub(super) ident: Ident,
    pub(super) kind: Kind,
    pub(super) carries: Vec<Carry>,
    pub(super) grants: Vec<Grant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Resting,
    Start,
    Transient,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Start => "start",
            Self::Transient => "transient",
        }
    }
}

/// A field with `#[carries]`.
pub(super) struct Carry {
    pub(super) member: Member,
    pub(super) ty: Type,
    pub(super) phase: Path,
    pub(super) spelled: Option<Spelled>,
}

/// What `#[carries(reaches(..), grants(..))]` says about a phase of another module.
#[derive(Default)]
pub(super) struct Spelled {
    pub(super) reaches: Vec<Path>,
    pub(super) grants: Vec<Path>,
}

/// One name in a field's `#[grants(..)]`.
pub(super) struct Grant {
    pub(super) member: Member,
    pub(super) ty: Type,
    pub(super) capability: Path,
}

impl Graph {
    /// The phase of this module that `path` names, if it names one.
    pub(super) fn local(&self, path: &Path) -> Option<usize> {
        let mut names = path.segments.iter().map(|segment| &segment.ident);
        let mut name = names.next()?;
        if name == "self" {
            name = names.next()?;
        }
        if path.leading_colon.is_some() || names.next().is_some() {
            return None;
        }
        self.phases.iter().position(|phase| phase.ident == *name)
    }
}

/// The last name of a path: what people call it.
pub(super) fn last_name(path: &Path) -> String {
    path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string())
}

/// A path as it was written, to compare two of them.
pub(super) fn spelling(path: &Path) -> String {
    path.to_token_stream().to_string()
}
