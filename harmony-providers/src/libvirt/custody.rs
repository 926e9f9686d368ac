//! Whose an object is, and what may be done with it.

use harmony_phases::ownership::{Custody, Mark, Standing};
use harmony_phases::score::ChangeEffect;
use harmony_types::SiteName;

use super::drift::Drift;

/// Decides whether an existing object may be brought into shape.
///
/// Answers with the mark that has to be written, if one has to; or with why not.
pub(crate) fn admit(
    what: &str,
    found: Option<Mark>,
    wanted: &Mark,
    custody: Custody,
    drift: &mut Drift,
) -> Result<(), String> {
    match Standing::of(found, &wanted.site) {
        Standing::Ours(mark) => {
            let (found, wanted) = (mark.protect, wanted.protect);
            drift.field("protect", Some(&found), Some(&wanted), ChangeEffect::Live);
            Ok(())
        }
        Standing::OfAnotherSite(mark) => Err(format!(
            "{what} belongs to site `{}`: use another name, or remove it from that site first",
            mark.site
        )),
        Standing::Foreign if custody.adopt => {
            let site = format!("site {}", wanted.site);
            drift.differs("mark", "none", site, ChangeEffect::Live);
            Ok(())
        }
        Standing::Foreign => Err(format!(
            "{what} exists already and was not made by this site: use another name, or say `adopt` \
             to take it over"
        )),
    }
}

/// Why an object is not taken away, when it is not.
pub(crate) fn keep(what: &str, found: Option<Mark>, site: &SiteName) -> Option<String> {
    match Standing::of(found, site) {
        Standing::Ours(mark) if mark.protect => Some(format!("{what} is protected")),
        Standing::Ours(_) => None,
        Standing::OfAnotherSite(mark) => Some(format!("{what} belongs to site `{}`", mark.site)),
        Standing::Foreign => Some(format!("{what} was not made by this site")),
    }
}
