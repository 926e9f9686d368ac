//! What looking came to.

/// What [`observe`](super::Transition::observe) saw.
#[derive(Debug)]
#[must_use = "an observation holds the topology; dropping it drops the system"]
pub enum Observed<To, From> {
    /// The system is there already.
    Reached(To),
    /// It is not; the topology comes back as it was.
    NotYet {
        /// The topology, untouched.
        from: From,
        /// What is missing, e.g. "no api server answers on 10.0.0.5:6443".
        because: String,
    },
}

impl<To, From> Observed<To, From> {
    /// Says that the system is not there yet, and why.
    pub fn not_yet(from: From, because: impl Into<String>) -> Self {
        Self::NotYet { from, because: because.into() }
    }

    /// Re-wraps both sides, as higher-order topologies do.
    pub fn map<A, B>(
        self,
        reached: impl FnOnce(To) -> A,
        not_yet: impl FnOnce(From) -> B,
    ) -> Observed<A, B> {
        match self {
            Self::Reached(to) => Observed::Reached(reached(to)),
            Self::NotYet { from, because } => Observed::NotYet { from: not_yet(from), because },
        }
    }
}
