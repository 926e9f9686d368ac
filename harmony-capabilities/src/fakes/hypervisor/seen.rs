//! What a look at a thing comes to: whose it is, and what has to be done to it.
use super::thing::{Thing, Wanted};
use harmony_phases::{
    ValidationReport,
    ownership::{Mark, Standing},
    score::{ChangeEffect, Detail},
};
use harmony_types::SiteName;

/// What has to be done, and why it may not be.
#[derive(Debug)]
pub(super) enum Seen {
    Blocked(String),
    Missing,
    There { changes: Vec<Detail>, update: bool, start: bool },
}

impl Seen {
    pub(super) fn of(wanted: &Wanted<'_>, found: Option<&Thing>) -> Self {
        let Some(found) = found else { return Self::Missing };
        let what = format!("{} `{}`", wanted.kind, wanted.name);
        if let Some(reason) = forbidden(&what, found.mark.clone(), wanted) {
            return Self::Blocked(reason);
        }
        let mut changes = wanted.differences(found);
        let found_mark = found.mark.as_ref().map(|mark| (&mark.site, mark.protect));
        if found_mark != Some((&wanted.mark.site, wanted.mark.protect)) {
            changes.push(change(
                "mark",
                describe(found.mark.as_ref()),
                describe(Some(wanted.mark)),
            ));
        }
        let update = !changes.is_empty();
        let start = wanted.on && !found.active;
        if start {
            changes.push(change("state", "off".to_owned(), "on".to_owned()));
        }
        Self::There { changes, update, start }
    }

    pub(super) fn report(self) -> ValidationReport {
        match self {
            Self::Blocked(reason) => ValidationReport::blocked(reason),
            Self::Missing => ValidationReport::will_create(),
            Self::There { changes, .. } if changes.is_empty() => {
                ValidationReport::already_applied()
            }
            Self::There { changes, .. } => {
                changes.into_iter().fold(ValidationReport::will_update(), ValidationReport::detail)
            }
        }
    }
}

/// Why an existing thing must not be touched.
pub(super) fn forbidden(what: &str, found: Option<Mark>, wanted: &Wanted<'_>) -> Option<String> {
    match Standing::of(found, &wanted.mark.site) {
        Standing::Foreign if wanted.custody.adopt => None,
        Standing::Foreign => Some(format!(
            "{what} exists and was not made by this site: use another name, or say `adopt` to take it over"
        )),
        Standing::OfAnotherSite(mark) => Some(format!(
            "{what} belongs to site `{}`: use another name, or remove it there first",
            mark.site
        )),
        Standing::Ours(_) => None,
    }
}

/// Why an existing thing is not taken away.
pub(super) fn kept(what: &str, found: Option<Mark>, site: &SiteName) -> Option<String> {
    match Standing::of(found, site) {
        Standing::Foreign => Some(format!("{what} was not made by this site")),
        Standing::OfAnotherSite(mark) => Some(format!("{what} belongs to site `{}`", mark.site)),
        Standing::Ours(mark) => mark.protect.then(|| format!("{what} is protected")),
    }
}

fn change(field: &str, found: String, wanted: String) -> Detail {
    Detail::Change { field: field.to_owned(), found, wanted, effect: ChangeEffect::Live }
}

fn describe(mark: Option<&Mark>) -> String {
    match mark {
        None => "none".to_owned(),
        Some(mark) if mark.protect => format!("site {}, protected", mark.site),
        Some(mark) => format!("site {}", mark.site),
    }
}
