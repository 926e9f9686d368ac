use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Score, ValidationReport,
    ownership::{Custody, Mark},
};
use harmony_types::HostPath;
use serde::{Deserialize, Serialize};

use super::{
    Directory, Entry, EntryKind, FileStore, Ownership, Permissions,
    keep::{attribute_changes, attributes},
};
use crate::{
    host::{
        HostError, HostErrorKind,
        upkeep::{Claimed, Upkeep, Worker, value},
    },
    spec::{Complaint, SpecError, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a directory to be there, with these attributes: its [fields](DirectoryFields), checked.
    ///
    /// It claims its path. Parents that are missing are made too, and stay; a teardown removes the directory itself
    /// when it is ours and empty.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::DirectoryScore;
    /// let data = DirectoryScore::builder().path("/srv/shop").mode("0750").owner("shop:shop").build()?;
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    DirectoryScore of DirectoryFields, called "directory", schema 1
}

/// The fields of a [`DirectoryScore`]; attributes that are not set are neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryFields {
    /// Where it is.
    pub path: HostPath,
    /// Who may do what with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Permissions>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Ownership>,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

const WHAT: &str = "directory";

impl DirectoryFields {
    fn label(&self) -> &HostPath {
        &self.path
    }

    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "every description has its rules"
    )]
    const fn check(&self) -> Result<(), Complaint> {
        Ok(())
    }
}

#[bon::bon]
impl DirectoryScore {
    /// Describes a directory; its path is required.
    ///
    /// # Errors
    /// When a text cannot be read; the error names the field.
    #[builder]
    pub fn new(
        /// Where it is.
        #[builder(into)]
        path: Text<HostPath>,
        /// Who may do what with it, in octal.
        #[builder(into)]
        mode: Option<Text<Permissions>>,
        /// Whose it is: `user:group`.
        #[builder(into)]
        owner: Option<Text<Ownership>>,
        /// Whether one that exists without this site's mark, and differs, is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let path = path.of(WHAT, "path")?;
        let what = format!("{WHAT} `{path}`");
        Self::try_from(DirectoryFields {
            mode: mode.map(|mode| mode.of(&what, "mode")).transpose()?,
            owner: owner.map(|owner| owner.of(&what, "owner")).transpose()?,
            custody: Custody { adopt, protect },
            path,
        })
    }
}

impl<T: FileStore> Score<T> for DirectoryScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for DirectoryScore {
    fn name(&self) -> String {
        format!("directory {}", self.path)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![super::claim(&self.path)]
    }
}

#[async_trait]
impl<T: FileStore> Upkeep<T> for DirectoryScore {
    type Found = Option<Entry>;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<Option<Entry>, InterpretError> {
        Ok(on.entry(&self.path).await?)
    }

    async fn forward(
        &self,
        ctx: &Context,
        _on: &T,
        found: &Option<Entry>,
    ) -> Result<ValidationReport, InterpretError> {
        let Some(entry) = found else {
            let attributes = attributes(self.mode, self.owner.as_ref());
            return Ok(attributes
                .into_iter()
                .fold(ValidationReport::will_create(), ValidationReport::note));
        };
        if entry.kind != EntryKind::Directory {
            let (path, kind) = (&self.path, &entry.kind);
            let reason = format!("{path} is {kind}: remove it, or choose another path");
            return Ok(ValidationReport::blocked(reason));
        }
        let what = self.name();
        let thing = Claimed { what: &what, mark: entry.mark.as_ref(), custody: self.custody };
        Ok(thing.forward(ctx, attribute_changes(entry, self.mode, self.owner.as_ref()).collect()))
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Option<Entry>,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let directory = Directory {
            path: self.path.clone(),
            permissions: self.mode,
            ownership: self.owner.clone(),
        };
        on.make_directory(ctx, &directory, mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        _on: &T,
        found: &Option<Entry>,
    ) -> Result<ValidationReport, InterpretError> {
        let what = self.name();
        Ok(match found {
            None => ValidationReport::already_applied(),
            Some(Entry { kind: EntryKind::Directory, mark, .. }) => {
                let thing = Claimed { what: &what, mark: mark.as_ref(), custody: self.custody };
                let report = thing.back(ctx);
                if report.status == harmony_phases::Status::WillDelete {
                    report.precondition("it is empty; otherwise it is left in place")
                } else {
                    report
                }
            }
            Some(other) => ValidationReport::already_applied()
                .note(format!("{} is {}: it is left in place", self.path, other.kind)),
        })
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Option<Entry>,
    ) -> Result<Option<String>, HostError> {
        match on.remove(ctx, &self.path).await {
            Err(error) if error.kind() == HostErrorKind::Blocked => {
                Ok(Some(format!("{} is not empty", self.path)))
            }
            removed => removed.map(|()| None),
        }
    }
}
