//! What is to be done about one wanted thing, given everything its service has.

use harmony_phases::{
    Context, Status, ValidationReport,
    ownership::{Custody, Standing},
    score::{ChangeEffect, Detail},
};

use super::{Item, Marked};

/// What would bring `wanted` about.
pub(super) fn forward<I: Item>(
    ctx: &Context,
    wanted: &I,
    custody: Custody,
    kept: &[Marked<I>],
) -> ValidationReport {
    if let Some(report) = in_the_way(ctx, wanted, kept) {
        return report;
    }
    let there: Vec<_> = of_key(wanted, kept).collect();
    let Some(first) = there.first() else {
        return ValidationReport::will_create().note(wanted.to_string());
    };
    for found in &there {
        match found.standing(ctx.site()) {
            Standing::Ours(_) => {}
            Standing::Foreign if custody.adopt => {}
            Standing::Foreign => return blocked_by_foreign(wanted, &found.item),
            standing @ Standing::OfAnotherSite(_) => {
                return ValidationReport::blocked(format!(
                    "{} `{}` exists and {standing}: take it down there, or choose another",
                    I::KIND,
                    wanted.key()
                ));
            }
        }
    }
    let changes = changes(wanted, custody, first, there.len());
    if changes.is_empty() {
        return ValidationReport::already_applied();
    }
    changes.into_iter().fold(ValidationReport::will_update(), ValidationReport::detail)
}

/// What would take `wanted` away again.
pub(super) fn back<I: Item>(
    ctx: &Context,
    wanted: &I,
    custody: Custody,
    kept: &[Marked<I>],
) -> ValidationReport {
    let mut there = of_key(wanted, kept).peekable();
    if there.peek().is_none() {
        return ValidationReport::already_applied();
    }
    let name = format!("{} `{}`", I::KIND, wanted.key());
    for found in there {
        match found.standing(ctx.site()) {
            Standing::Ours(mark) if mark.protect || custody.protect => {
                return ValidationReport::blocked(format!(
                    "{name} is protected: apply it without `protect` first"
                ));
            }
            Standing::Ours(_) => {}
            standing => {
                return ValidationReport::already_applied()
                    .note(format!("{name} {standing}: it is left in place"));
            }
        }
    }
    ValidationReport::will_delete().note(wanted.to_string())
}

/// Whether a teardown leaves the thing standing, and why.
pub(super) fn left_in_place(report: &ValidationReport) -> Option<String> {
    match &report.status {
        Status::Blocked(reason) => Some(reason.clone()),
        Status::AlreadyApplied => report.details.first().map(ToString::to_string),
        _ => None,
    }
}

pub(super) fn of_key<'a, I: Item>(
    wanted: &'a I,
    kept: &'a [Marked<I>],
) -> impl Iterator<Item = &'a Marked<I>> {
    kept.iter().filter(|found| found.item.same(wanted))
}

fn in_the_way<I: Item>(ctx: &Context, wanted: &I, kept: &[Marked<I>]) -> Option<ValidationReport> {
    kept.iter().filter(|found| !found.item.same(wanted)).find_map(|found| {
        let why = wanted.clash(&found.item)?;
        let (kind, other, standing) = (I::KIND, found.item.key(), found.standing(ctx.site()));
        Some(ValidationReport::blocked(format!(
            "{kind} `{other}`, which {standing}, {why}: remove that one, or change this one"
        )))
    })
}

fn blocked_by_foreign<I: Item>(wanted: &I, found: &I) -> ValidationReport {
    ValidationReport::blocked(format!(
        "{} `{}` exists ({found}) and carries no mark: remove it, or say `adopt` to take it over",
        I::KIND,
        wanted.key()
    ))
}

fn changes<I: Item>(
    wanted: &I,
    custody: Custody,
    first: &Marked<I>,
    entries: usize,
) -> Vec<Detail> {
    let mut changes = Vec::new();
    let mut change = |field: &str, found: String, wanted: String| {
        let field = field.to_owned();
        changes.push(Detail::Change { field, found, wanted, effect: ChangeEffect::Live });
    };
    for difference in wanted.differences(&first.item) {
        change(&difference.field, difference.found, difference.wanted);
    }
    match &first.mark {
        None => change("mark", "none".to_owned(), "ours".to_owned()),
        Some(mark) if mark.protect != custody.protect => {
            change("protect", mark.protect.to_string(), custody.protect.to_string());
        }
        Some(_) => {}
    }
    if entries > 1 {
        change("entries", entries.to_string(), "1".to_owned());
    }
    changes
}
