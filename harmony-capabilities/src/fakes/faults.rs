//! The faults that a simulated system is put under.

use std::{
    collections::BTreeMap,
    fmt,
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use thiserror::Error;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It happens, and then the connection breaks: the caller sees an error.
    FailAfter,
    /// It does not happen, and the caller sees an error.
    FailBefore,
    /// It happens, and the caller never hears of it.
    HangAfter,
    /// It does not happen, and the caller never hears of it.
    HangBefore,
    /// The answer is a lie: a read finds nothing, an effect that did not happen is said to be done.
    Lie,
    /// It arrives twice, as when a connection sends it again.
    Repeat,
}

impl Fault {
    /// Every fault, for tests that try them all.
    pub const ALL: [Self; 6] = [
        Self::FailAfter,
        Self::FailBefore,
        Self::HangAfter,
        Self::HangBefore,
        Self::Lie,
        Self::Repeat,
    ];

    /// Whether the caller waits for ever, so that only ending the run ends the wait.
    pub const fn hangs(self) -> bool {
        matches!(self, Self::HangAfter | Self::HangBefore)
    }
}

/// What a caller sees of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the simulated system broke off at `{call}`")]
pub struct Struck {
    call: String,
    happened: bool,
}

impl Struck {
    /// Whether it happened all the same, which a real caller could not know.
    pub const fn happened(&self) -> bool {
        self.happened
    }
}

/// Which calls of a simulated system go wrong, and how; clones are the same plan.
///
/// Calls are counted from 0, effects and reads apart, over the whole life of the plan. A fault strikes once.
///
/// ```
/// use harmony_capabilities::fakes::{Fault, FaultPlan, Struck};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let (faults, mut stored) = (FaultPlan::none(), 0);
/// faults.at_effect(1, Fault::FailAfter);
/// for expected in [true, false, true] {
///     let done: Result<(), Struck> = faults.effect("store", || { stored += 1; Ok(()) }).await;
///     assert_eq!(done.is_ok(), expected);
/// }
/// assert_eq!(stored, 3);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct FaultPlan {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    effects: Counted,
    reads: Counted,
}

/// The calls of one kind.
#[derive(Debug, Default)]
struct Counted {
    seen: u64,
    at: BTreeMap<u64, Fault>,
    on: Vec<(String, Fault)>,
    struck: Vec<(String, Fault)>,
}

impl FaultPlan {
    /// A plan without faults; they can be added while it is in use.
    pub fn none() -> Self {
        Self::default()
    }

    /// The `n`th effect from the plan's beginning goes wrong.
    pub fn at_effect(&self, n: u64, fault: Fault) {
        self.state().effects.at.insert(n, fault);
    }

    /// The `n`th read from the plan's beginning goes wrong.
    pub fn at_read(&self, n: u64, fault: Fault) {
        self.state().reads.at.insert(n, fault);
    }

    /// The next effect whose name contains `name` goes wrong.
    pub fn on_effect(&self, name: impl Into<String>, fault: Fault) {
        self.state().effects.on.push((name.into(), fault));
    }

    /// The next read whose name contains `name` goes wrong.
    pub fn on_read(&self, name: impl Into<String>, fault: Fault) {
        self.state().reads.on.push((name.into(), fault));
    }

    /// Takes back every fault that has not struck yet.
    pub fn clear(&self) {
        let mut state = self.state();
        for counted in state.each() {
            counted.at.clear();
            counted.on.clear();
        }
    }

    /// How many effects were called so far, struck ones included.
    pub fn effects_seen(&self) -> u64 {
        self.state().effects.seen
    }

    /// How many reads were called so far, struck ones included.
    pub fn reads_seen(&self) -> u64 {
        self.state().reads.seen
    }

    /// The faults that have struck so far, with the calls they struck: effects, then reads.
    pub fn struck(&self) -> Vec<(String, Fault)> {
        let state = self.state();
        state.effects.struck.iter().chain(&state.reads.struck).cloned().collect()
    }

    /// Lets an effect happen as the plan has it; `act` may be called twice, or not at all.
    ///
    /// # Errors
    /// What `act` reports, or [`Struck`].
    pub async fn effect<T: Default, E: From<Struck>>(
        &self,
        call: &str,
        act: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let fault = self.state().effects.next(call);
        meet(fault, call, act).await
    }

    /// Lets a read happen as the plan has it; a lie is `T::default()`, "nothing there".
    ///
    /// # Errors
    /// What `look` reports, or [`Struck`].
    pub async fn read<T: Default, E: From<Struck>>(
        &self,
        call: &str,
        look: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let fault = self.state().reads.next(call);
        meet(fault, call, look).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    const fn each(&mut self) -> [&mut Counted; 2] {
        [&mut self.effects, &mut self.reads]
    }
}

impl Counted {
    fn next(&mut self, call: &str) -> Option<Fault> {
        let index = self.seen;
        self.seen += 1;
        let fault = self.at.remove(&index).or_else(|| {
            let armed = self.on.iter().position(|(name, _)| call.contains(name))?;
            Some(self.on.remove(armed).1)
        })?;
        self.struck.push((call.to_owned(), fault));
        Some(fault)
    }
}

async fn meet<T: Default, E: From<Struck>>(
    fault: Option<Fault>,
    call: &str,
    mut act: impl FnMut() -> Result<T, E>,
) -> Result<T, E> {
    let broke_off = |happened| Struck { call: call.to_owned(), happened }.into();
    match fault {
        None => act(),
        Some(Fault::FailAfter) => Err(act().err().unwrap_or_else(|| broke_off(true))),
        Some(Fault::FailBefore) => Err(broke_off(false)),
        Some(Fault::HangAfter) => {
            drop(act());
            pending().await
        }
        Some(Fault::HangBefore) => pending().await,
        Some(Fault::Lie) => Ok(T::default()),
        Some(Fault::Repeat) => {
            drop(act());
            act()
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::FailAfter => "fail-after",
            Self::FailBefore => "fail-before",
            Self::HangAfter => "hang-after",
            Self::HangBefore => "hang-before",
            Self::Lie => "lie",
            Self::Repeat => "repeat",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn once(fault: Fault) -> (Result<u8, Struck>, u32) {
        let (faults, calls) = (FaultPlan::none(), Cell::new(0));
        faults.on_effect("store", fault);
        let done = faults.effect("store a", || {
            calls.set(calls.get() + 1);
            Ok(7)
        });
        let done = tokio::select! {
            biased;
            done = done => done,
            () = std::future::ready(()) => Err(Struck { call: "hangs".to_owned(), happened: false }),
        };
        (done, calls.get())
    }

    #[tokio::test]
    async fn a_caller_cannot_tell_before_from_after() {
        let ((before, none), (after, one)) =
            (once(Fault::FailBefore).await, once(Fault::FailAfter).await);
        let (before, after) = (before.unwrap_err(), after.unwrap_err());
        assert_eq!((none, one), (0, 1));
        assert_eq!(before.to_string(), after.to_string());
        assert_ne!(before.happened(), after.happened());
    }

    #[tokio::test]
    async fn lies_and_repeats_are_successes() {
        assert_eq!(once(Fault::Lie).await, (Ok(0), 0));
        assert_eq!(once(Fault::Repeat).await, (Ok(7), 2));
    }

    #[tokio::test]
    async fn a_fault_strikes_once_and_is_told() {
        let faults = FaultPlan::none();
        faults.at_read(1, Fault::FailBefore);
        let look = || Ok::<_, Struck>(1);
        faults.read("list", look).await.unwrap();
        faults.read("list", look).await.unwrap_err();
        faults.read("list", look).await.unwrap();
        assert_eq!(faults.struck(), [("list".to_owned(), Fault::FailBefore)]);
        assert_eq!((faults.reads_seen(), faults.effects_seen()), (3, 0));
    }

    #[tokio::test]
    async fn what_hangs_hangs() {
        for fault in Fault::ALL.into_iter().filter(|fault| fault.hangs()) {
            let (hung, calls) = once(fault).await;
            assert_eq!(hung.unwrap_err().to_string(), "the simulated system broke off at `hangs`");
            assert_eq!(calls, u32::from(fault == Fault::HangAfter));
        }
    }
}
