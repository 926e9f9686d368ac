//! How a file is looked at, written and removed.

use async_trait::async_trait;
use futures_util::future::join;
use harmony_phases::{
    Context, Describe, InterpretError, Status, ValidationReport,
    ownership::{Custody, Mark},
    score::Detail,
};
use harmony_types::{ByteSize, Sha256Digest};
use sha2::{Digest, Sha256};

use super::{
    Content, Entry, EntryKind, FileScore, FileStore, NewFile, Ownership, Permissions,
    diff::{self, Side},
};
use crate::host::{
    HostError,
    upkeep::{Claimed, Upkeep, change},
};

/// What a look at a file finds, and what it is compared with.
#[derive(Debug)]
pub(in crate::host) struct Found {
    entry: Option<Entry>,
    obstacle: Option<String>,
    wanted: Content,
}

#[async_trait]
impl<T: FileStore> Upkeep<T> for FileScore {
    type Found = Found;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, ctx: &Context, on: &T) -> Result<Found, InterpretError> {
        let wanted = self.content.resolve(ctx).await?;
        // At once, so that it is one round trip.
        let (entry, obstacle) = join(on.entry(&self.path), on.obstacle(&self.path)).await;
        Ok(Found { entry: entry?, obstacle: obstacle?, wanted })
    }

    async fn forward(
        &self,
        ctx: &Context,
        _on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        let Some(entry) = &found.entry else {
            return Ok(unless(found.obstacle.as_ref(), self.outline(&found.wanted)));
        };
        let what = self.name();
        let report = match &entry.kind {
            EntryKind::File { .. } => {
                let thing =
                    Claimed { what: &what, mark: entry.mark.as_ref(), custody: self.custody };
                thing.forward(ctx, self.changes(entry, &found.wanted))
            }
            other => ValidationReport::blocked(format!(
                "{} is {other}: remove it, or choose another path",
                self.path
            )),
        };
        Ok(unless(found.obstacle.as_ref(), report))
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let file = NewFile {
            path: self.path.clone(),
            content: found.wanted.clone(),
            permissions: self.wanted_mode(),
            ownership: self.owner.clone(),
            check: self.check.clone(),
        };
        on.write(ctx, &file, mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        _on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        let what = self.name();
        Ok(match &found.entry {
            None => ValidationReport::already_applied(),
            Some(Entry { kind: EntryKind::File { .. }, mark, .. }) => {
                Claimed { what: &what, mark: mark.as_ref(), custody: self.custody }.back(ctx)
            }
            Some(other) => ValidationReport::already_applied()
                .note(format!("{} is {}: it is left in place", self.path, other.kind)),
        })
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Found,
    ) -> Result<Option<String>, HostError> {
        on.remove(ctx, &self.path).await.map(|()| None)
    }
}

impl FileScore {
    /// What a file that is not there yet would be.
    fn outline(&self, wanted: &Content) -> ValidationReport {
        let size = size(wanted);
        let content = match wanted {
            Content::Bytes(_) => format!("{size} of content"),
            Content::Secret(_) => "a secret, which is not shown".to_owned(),
        };
        let report = ValidationReport::will_create().note(content);
        let attributes = attributes(self.wanted_mode(), self.owner.as_ref());
        attributes.into_iter().fold(report, ValidationReport::note)
    }

    /// Everything in which the file that is there is not as wanted.
    fn changes(&self, entry: &Entry, wanted: &Content) -> Vec<Detail> {
        let mut changes = self.content_changes(entry, wanted);
        changes.extend(attribute_changes(entry, self.wanted_mode(), self.owner.as_ref()));
        changes
    }

    fn content_changes(&self, entry: &Entry, wanted: &Content) -> Vec<Detail> {
        let EntryKind::File { size: found_size, digest: found, content } = &entry.kind else {
            return Vec::new();
        };
        let digest = Sha256Digest::new(Sha256::digest(wanted.bytes()).into());
        if digest == *found {
            return Vec::new();
        }
        if wanted.is_secret() {
            return vec![Detail::Note(
                "the content differs; it is a secret and not shown".to_owned(),
            )];
        }
        // What not everybody may read on the host is not shown to everybody who reads the plan.
        let public = |mode: Permissions| mode.bits() & 0o004 != 0;
        let shown = public(entry.permissions) && self.wanted_mode().is_none_or(public);
        let old = content.as_deref().filter(|_| shown);
        let found = Side { size: *found_size, digest: *found, shown: old };
        let wanted_side = Side { size: size(wanted), digest, shown: Some(wanted.bytes()) };
        diff::details(&found, &wanted_side)
    }
}

fn size(content: &Content) -> ByteSize {
    ByteSize::bytes(content.bytes().len().try_into().unwrap_or(u64::MAX))
}

/// A change that is not possible yet needs that the obstacle goes: a step before it may see to that.
fn unless(obstacle: Option<&String>, report: ValidationReport) -> ValidationReport {
    match (obstacle, &report.status) {
        (Some(obstacle), Status::WillCreate | Status::WillUpdate) => report.precondition(obstacle),
        _ => report,
    }
}

/// The attributes that are said, as a plan has them.
pub(super) fn attributes(
    mode: Option<Permissions>,
    owner: Option<&Ownership>,
) -> impl IntoIterator<Item = String> {
    [mode.map(|mode| format!("mode {mode}")), owner.map(|owner| format!("owner {owner}"))]
        .into_iter()
        .flatten()
}

/// The attributes that are said and are not as wanted.
pub(super) fn attribute_changes(
    entry: &Entry,
    mode: Option<Permissions>,
    owner: Option<&Ownership>,
) -> impl Iterator<Item = Detail> {
    let mode = mode.filter(|mode| *mode != entry.permissions);
    let owner = owner.filter(|owner| **owner != entry.ownership);
    let mode = mode.map(|mode| change("mode", entry.permissions, mode));
    mode.into_iter().chain(owner.map(|owner| change("owner", &entry.ownership, owner)))
}
