//! The scores between two transitions: a flat list.

mod bound;
mod entry;
mod execute;
mod look;
mod undo;
mod validate;

use std::ops::Range;

pub(crate) use entry::Entry;

use crate::{Context, StepInfo};

/// The scores between two transitions: a flat list, so that no future nests per score.
pub(crate) struct Segment<T> {
    entries: Vec<Entry<T>>,
    /// Which of them are independent of one another.
    together: Vec<Range<usize>>,
}

impl<T> Default for Segment<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), together: Vec::new() }
    }
}

impl<T: Sync> Segment<T> {
    pub(crate) fn push(&mut self, entry: Entry<T>) {
        self.entries.push(entry);
    }

    pub(crate) fn push_together(&mut self, entries: impl IntoIterator<Item = Entry<T>>) {
        let from = self.entries.len();
        self.entries.extend(entries);
        self.together.push(from..self.entries.len());
    }

    pub(crate) fn append(&mut self, mut next: Self) {
        let by = self.entries.len();
        self.entries.append(&mut next.entries);
        self.together.extend(next.together.into_iter().map(|r| r.start + by..r.end + by));
    }

    pub(crate) fn describe(&self, steps: &mut Vec<StepInfo>) {
        steps.extend(self.entries.iter().map(Entry::info));
    }

    /// The entries in the order of execution, those that may run side by side as one.
    fn groups(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut next = 0;
        let mut together = self.together.iter().filter(|group| !group.is_empty()).peekable();
        std::iter::from_fn(move || {
            if next >= self.entries.len() {
                return None;
            }
            let group = together.next_if(|group| group.start == next).cloned();
            let group = group.unwrap_or(next..next + 1);
            next = group.end;
            Some(group)
        })
    }
}

/// The claims of `info`, on the system the run is on.
fn on_host(mut info: StepInfo, ctx: &Context) -> StepInfo {
    let host = ctx.run_state().host();
    for claim in info.claims.iter_mut().chain(&mut info.releases) {
        *claim = claim.clone().on(host);
    }
    info
}
