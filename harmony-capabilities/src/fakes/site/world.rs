//! What is true of the site, whatever anybody says of it.

use harmony_phases::Permit;

use super::{machines::Machines, objects::Objects, services::Services};
use crate::keeping::Marked;

/// Something that happened to the site and changed it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Happening {
    /// What, e.g. `create reservation`.
    pub action: String,
    /// To what.
    pub object: String,
}

/// The site itself. Every change asks for a [`Permit`] and is written down.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Whose the network is, where it is up.
    pub(super) network: Option<Marked<()>>,
    pub(super) services: Services,
    pub(super) machines: Machines,
    pub(super) objects: Objects,
    history: Vec<Happening>,
}

impl World {
    pub(super) fn happened(&mut self, _: &Permit, action: impl Into<String>, object: &str) {
        self.history.push(Happening { action: action.into(), object: object.to_owned() });
    }

    pub(super) fn history(&self) -> &[Happening] {
        &self.history
    }
}
