//! What may be done about one thing, given whose it is.

use harmony_phases::{
    Context, ValidationReport,
    ownership::{Custody, Mark, Standing},
    score::{ChangeEffect, Detail},
};

/// A thing that is there, and what its score says about whose it is.
pub(in crate::host) struct Claimed<'a> {
    /// What it is, in words: `file /etc/motd`.
    pub(in crate::host) what: &'a str,
    /// The mark it carries.
    pub(in crate::host) mark: Option<&'a Mark>,
    /// What its score says.
    pub(in crate::host) custody: Custody,
}

impl Claimed<'_> {
    /// What is to be done about a thing that is there and differs in `changes`, or in nothing.
    ///
    /// What nobody has to touch is left alone, whoever made it.
    pub(in crate::host) fn forward(
        &self,
        ctx: &Context,
        mut changes: Vec<Detail>,
    ) -> ValidationReport {
        let what = self.what;
        let standing = Standing::of(self.mark.cloned(), ctx.site());
        let blocked = match &standing {
            Standing::Ours(mark) => {
                if mark.protect != self.custody.protect {
                    changes.push(change("protect", mark.protect, self.custody.protect));
                }
                None
            }
            Standing::Foreign if self.custody.adopt => {
                changes.push(change("mark", "none", "ours"));
                None
            }
            Standing::Foreign => Some("remove it, or say `adopt` to take it over"),
            Standing::OfAnotherSite(_) => Some("change it there"),
        };
        let report = match blocked {
            _ if changes.is_empty() => {
                let report = ValidationReport::already_applied();
                return if blocked.is_some() {
                    report.note(format!("{what} {standing}"))
                } else {
                    report
                };
            }
            None => ValidationReport::will_update(),
            Some(remedy) => ValidationReport::blocked(format!(
                "{what} exists, differs and {standing}: {remedy}"
            )),
        };
        changes.into_iter().fold(report, ValidationReport::detail)
    }

    /// The same for a setting of the kernel, which always is in some way: one without a mark is nobody's, whom nobody has
    /// to ask, and to set it is to make the setting.
    pub(in crate::host) fn forward_setting(
        &self,
        ctx: &Context,
        changes: Vec<Detail>,
    ) -> ValidationReport {
        if self.mark.is_none() && !changes.is_empty() {
            return changes
                .into_iter()
                .fold(ValidationReport::will_create(), ValidationReport::detail);
        }
        let custody = Custody { adopt: true, ..self.custody };
        Claimed { custody, ..*self }.forward(ctx, changes)
    }

    /// What a teardown does to a thing that is there.
    pub(in crate::host) fn back(&self, ctx: &Context) -> ValidationReport {
        let what = self.what;
        match Standing::of(self.mark.cloned(), ctx.site()) {
            Standing::Ours(mark) if mark.protect || self.custody.protect => {
                ValidationReport::blocked(format!(
                    "{what} is protected: apply it without `protect` first"
                ))
            }
            Standing::Ours(_) => ValidationReport::will_delete().note(what),
            standing => ValidationReport::already_applied()
                .note(format!("{what} {standing}: it is left in place")),
        }
    }
}

/// A field that is not as wanted, and is felt at once when it is.
pub(in crate::host) fn change(field: &str, found: impl ToString, wanted: impl ToString) -> Detail {
    Detail::Change {
        field: field.to_owned(),
        found: found.to_string(),
        wanted: wanted.to_string(),
        effect: ChangeEffect::Live,
    }
}
