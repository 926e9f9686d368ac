//! What helps against a fault, and what was tried already.

use tokio::time::Instant;

use super::fault::{Fault, FaultKind};

/// What helps against a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cure {
    /// Completing what was cut short.
    Mend,
    /// Making the index new.
    Refresh,
    /// Throwing the index away and fetching it again.
    RefreshFromNothing,
    /// Waiting for whoever has the lock.
    Wait,
}

/// What was tried in one change: everything but waiting helps once or not at all.
#[derive(Debug, Default)]
pub(super) struct Cures {
    tried: Vec<Cure>,
    /// Since when the lock is waited for.
    pub(super) busy_since: Option<Instant>,
    /// Whether a change ended before it had touched anything: from then on, only a simulation is believed.
    pub(super) cautious: bool,
    /// Why an old index could not be made new.
    pub(super) not_refreshed: Option<Fault>,
}

impl Cures {
    /// Whether this was not tried yet.
    pub(super) fn may(&self, cure: Cure) -> bool {
        !self.tried.contains(&cure)
    }

    /// What to try next against a fault; none when nothing is left.
    pub(super) fn next(&mut self, kind: FaultKind) -> Option<Cure> {
        use Cure::{Mend, Refresh, RefreshFromNothing, Wait};
        let cures: &[Cure] = match kind {
            FaultKind::Busy => return Some(Wait),
            FaultKind::BrokenIndex => &[RefreshFromNothing],
            FaultKind::Interrupted => &[Mend],
            FaultKind::OldIndex => &[Refresh],
            FaultKind::StaleIndex => &[Refresh, RefreshFromNothing],
            // After any refresh the index knows what there is to know.
            FaultKind::UnknownPackage if self.may(RefreshFromNothing) => &[Refresh],
            _ => &[],
        };
        let cure = cures.iter().copied().find(|cure| self.may(*cure))?;
        self.tried.push(cure);
        Some(cure)
    }

    /// What is at the bottom of a fault that nothing helps against: what an old index does not know, a new one
    /// may.
    pub(super) fn cause(&mut self, fault: Fault) -> Fault {
        use FaultKind::{Conflict, StaleIndex, UnknownPackage};
        match fault.kind {
            Conflict | StaleIndex | UnknownPackage => self.not_refreshed.take().unwrap_or(fault),
            _ => fault,
        }
    }

    /// A cure that could not begin counts as not tried.
    pub(super) fn take_back(&mut self, cure: Cure) {
        self.tried.retain(|tried| *tried != cure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cure_is_tried_once_but_waiting() {
        let mut cures = Cures::default();
        assert_eq!(cures.next(FaultKind::Busy), Some(Cure::Wait));
        assert_eq!(cures.next(FaultKind::Busy), Some(Cure::Wait));
        assert_eq!(cures.next(FaultKind::UnknownPackage), Some(Cure::Refresh));
        assert_eq!(cures.next(FaultKind::UnknownPackage), None);
        assert_eq!(cures.next(FaultKind::StaleIndex), Some(Cure::RefreshFromNothing));
        assert_eq!(cures.next(FaultKind::StaleIndex), None);
        assert_eq!(cures.next(FaultKind::Interrupted), Some(Cure::Mend));
        assert_eq!(cures.next(FaultKind::Interrupted), None);
        assert_eq!(cures.next(FaultKind::DiskFull), None);
    }

    #[test]
    fn an_index_that_could_not_be_made_new_is_why_a_package_is_unknown() {
        let fault = |kind| Fault::new(kind, "");
        let mut cures = Cures { not_refreshed: Some(fault(FaultKind::Clock)), ..Cures::default() };
        assert_eq!(cures.cause(fault(FaultKind::DiskFull)).kind, FaultKind::DiskFull);
        assert_eq!(cures.cause(fault(FaultKind::UnknownPackage)).kind, FaultKind::Clock);
        assert_eq!(cures.cause(fault(FaultKind::UnknownPackage)).kind, FaultKind::UnknownPackage);
    }

    #[test]
    fn what_could_not_begin_may_be_tried_again() {
        let mut cures = Cures::default();
        assert_eq!(cures.next(FaultKind::OldIndex), Some(Cure::Refresh));
        cures.take_back(Cure::Refresh);
        assert_eq!(cures.next(FaultKind::OldIndex), Some(Cure::Refresh));
    }
}
