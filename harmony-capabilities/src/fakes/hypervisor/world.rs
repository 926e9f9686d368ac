//! What there is on the simulated host.
use super::thing::{Kind, Thing};
use crate::virtualization::{
    Backing, VirtualizationError, VirtualizationErrorKind, VolumeFormat, VolumeRef,
};
use harmony_phases::Permit;
use harmony_types::{ByteSize, ObjectName, Sha256Digest};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) things: BTreeMap<(Kind, ObjectName), Thing>,
    pub(super) volumes: BTreeMap<VolumeRef, Volume>,
    pub(super) images: BTreeMap<String, Image>,
    pub(super) serial: BTreeMap<ObjectName, Vec<String>>,
    pub(super) deaf: BTreeSet<ObjectName>,
    pub(super) happened: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Volume {
    pub(super) format: VolumeFormat,
    pub(super) capacity: ByteSize,
    pub(super) backing: Option<Backing>,
    /// Whether all of its image has arrived; true where there is none.
    pub(super) complete: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Image {
    pub(super) size: ByteSize,
    pub(super) digest: Sha256Digest,
}

impl World {
    /// Lets one step happen and writes it down; what is refused has not happened.
    pub(super) fn happen(
        &mut self,
        _permit: &Permit,
        what: &str,
        act: &mut impl FnMut(&mut Self) -> Result<(), VirtualizationError>,
    ) -> Result<(), VirtualizationError> {
        act(self)?;
        self.happened.push(what.to_owned());
        Ok(())
    }

    pub(super) fn thing(&self, kind: Kind, name: &ObjectName) -> Option<&Thing> {
        self.things.get(&(kind, name.clone()))
    }

    pub(super) fn existing(
        &mut self,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<&mut Thing, VirtualizationError> {
        self.things.get_mut(&(kind, name.clone())).ok_or_else(|| {
            refuse(VirtualizationErrorKind::NotFound, format!("find {kind} `{name}`"))
        })
    }

    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = (&ObjectName, &Thing)> {
        self.things
            .iter()
            .filter(move |((of, _), _)| *of == kind)
            .map(|((_, name), thing)| (name, thing))
    }
}

pub(super) fn refuse(
    kind: VirtualizationErrorKind,
    what: impl Into<String>,
) -> VirtualizationError {
    VirtualizationError::new(kind, what).at("a simulated hypervisor")
}
