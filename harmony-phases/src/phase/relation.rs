//! What a phase is, and how phases relate to one another and to capabilities.

use std::fmt::Debug;

use crate::Topology;

/// A state of the world, as a struct that owns what was acquired on reaching it.
///
/// Its fields are private to the module that declares it, so that only a provider which has just
/// looked, or just acted, can make one: the value is evidence. `#[phases]` writes the impl.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a phase",
    note = "declare it in a module marked `#[phases]`"
)]
pub trait Phase: Debug + Send + Sync + 'static {
    /// The name of the phase, as plans and events print it.
    const NAME: &'static str;
}

/// `P: Reached<Q>`: everything that phase `Q` established still holds in `P`.
///
/// A projection, not a marker: the proof of having reached `Q` is a `&Q`.
#[diagnostic::on_unimplemented(
    message = "phase `{Self}` has not reached `{Q}`",
    label = "needs a topology that has reached `{Q}`; this one is in phase `{Self}`",
    note = "insert the transition that leads to `{Q}` before this step"
)]
pub trait Reached<Q: Phase>: Phase {
    /// The value acquired on reaching `Q`.
    fn evidence(&self) -> &Q;
}

/// `P: Grants<dyn Capability>`: phase `P` owns what the capability needs.
#[diagnostic::on_unimplemented(
    message = "phase `{Self}` does not grant `{C}`",
    note = "advance the topology to a phase whose declaration says `#[grants(..)]` for it"
)]
pub trait Grants<C: ?Sized>: Phase {
    /// The value that plays the role.
    fn grant(&self) -> &C;
}

/// A phase that a restart can land in, because looking at the system recognises it.
///
/// `#[phases]` writes it for `#[resting]` and `#[start]`. A transient phase has none.
pub trait RestingPhase: Phase {}

/// The one publicly constructible phase of a chain: it says where to look and grants nothing.
pub trait StartPhase: RestingPhase {}

/// What a pipeline may start from, rest at, and end on.
#[diagnostic::on_unimplemented(
    message = "a pipeline cannot rest at `{Self}`",
    label = "leads into a transient phase",
    note = "a restart cannot land in a transient phase; enter and leave it in one step with `.through(..)`"
)]
pub trait Resting: Send + Sync + 'static {
    /// What events and claims call this system, e.g. the topology's name.
    fn label(&self) -> String;
}

#[diagnostic::do_not_recommend]
impl<P: RestingPhase> Resting for Topology<P> {
    fn label(&self) -> String {
        self.name().to_owned()
    }
}
