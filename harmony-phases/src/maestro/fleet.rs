//! Several systems, each with its pipeline.

use std::{fmt, sync::Arc};

use crate::{Pipeline, Resting};

/// Several systems, each where its pipeline starts.
///
/// ```
/// use harmony_phases::{Phase, Pipeline, RestingPhase, Topology, maestro::{Fleet, Pace}};
/// # #[derive(Debug)] struct Declared;
/// # impl Phase for Declared { const NAME: &'static str = "Declared"; }
/// # impl RestingPhase for Declared {}
/// let starts = ["h1", "h2", "h3"].map(|name| Topology::new(name, Declared));
/// let fleet = Fleet::alike(Pipeline::<_, Topology<Declared>>::start(), starts)
///     .pace(Pace::default().serial(2).max_failures(1));
/// assert_eq!(fleet.hosts().collect::<Vec<_>>(), ["h1", "h2", "h3"]);
/// ```
#[must_use = "a fleet does nothing until a maestro plans or executes it"]
pub struct Fleet<A, B> {
    pub(super) members: Vec<Member<A, B>>,
    pub(super) pace: Pace,
}

/// One system of a fleet.
pub(super) struct Member<A, B> {
    pub(super) host: String,
    pub(super) start: A,
    pub(super) pipeline: Arc<Pipeline<A, B>>,
}

/// How many systems are worked on at once, and when no further one is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Pace {
    pub(super) side_by_side: usize,
    pub(super) serial: usize,
    pub(super) max_failures: usize,
}

impl Default for Pace {
    /// 32 side by side, in one batch, whatever fails.
    fn default() -> Self {
        Self { side_by_side: 32, serial: usize::MAX, max_failures: usize::MAX }
    }
}

impl Pace {
    /// At most this many systems at once, and at least 1.
    pub fn side_by_side(mut self, hosts: usize) -> Self {
        self.side_by_side = hosts.max(1);
        self
    }

    /// Batches of this many systems, and at least 1: a batch begins when the one before has ended.
    pub fn serial(mut self, hosts: usize) -> Self {
        self.serial = hosts.max(1);
        self
    }

    /// No further system is begun once this many have failed, and at least 1; those under way go on.
    pub fn max_failures(mut self, hosts: usize) -> Self {
        self.max_failures = hosts.max(1);
        self
    }
}

impl<A: Resting, B: Resting> Fleet<A, B> {
    /// Systems that one pipeline serves.
    ///
    /// What such a pipeline claims across the site conflicts with itself: a MAC address belongs to one
    /// system only. Build it late ([`Pipeline::run_with`]) or with [`each`](Self::each).
    pub fn alike(
        pipeline: impl Into<Arc<Pipeline<A, B>>>,
        starts: impl IntoIterator<Item = A>,
    ) -> Self {
        let pipeline = pipeline.into();
        let members = starts.into_iter().map(|start| Member::new(start, Arc::clone(&pipeline)));
        Self { members: members.collect(), pace: Pace::default() }
    }

    /// Systems, each with the pipeline that it is given.
    pub fn of(systems: impl IntoIterator<Item = (A, Pipeline<A, B>)>) -> Self {
        let member = |(start, pipeline)| Member::new(start, Arc::new(pipeline));
        Self { members: systems.into_iter().map(member).collect(), pace: Pace::default() }
    }

    /// Systems that each have a pipeline of their own, made from the start.
    pub fn each(
        starts: impl IntoIterator<Item = A>,
        mut build: impl FnMut(&A) -> Pipeline<A, B>,
    ) -> Self {
        Self::of(starts.into_iter().map(|start| {
            let pipeline = build(&start);
            (start, pipeline)
        }))
    }

    /// Says how many are worked on at once, and when no further one is begun.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The systems, in order.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.host.as_str())
    }
}

impl<A: Resting, B: Resting> Member<A, B> {
    fn new(start: A, pipeline: Arc<Pipeline<A, B>>) -> Self {
        Self { host: start.label(), start, pipeline }
    }
}

impl<A: Resting, B: Resting> fmt::Debug for Fleet<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> = self.hosts().collect();
        f.debug_struct("Fleet")
            .field("hosts", &hosts)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
