//! The typestate core of Harmony: a system's phase is part of its type.
//!
//! A [`Topology<P>`] is a system in a phase the compiler knows. A [`Transition`] takes it to
//! another phase, a [`Score`] describes one thing it should have, and a [`Pipeline`] puts both in
//! order: a wrong order does not compile.
//!
//! What it is not: a scheduler, a resource catalogue, a state file. After a crash the type is
//! earned again by looking at the real system.
//!
//! | look for | in |
//! |---|---|
//! | phases and the topology, the phase graph as data | [`phase`], [`graph`] |
//! | transitions, `through`, ways back | [`transition`] |
//! | scores, interprets, reports, outcomes | [`score`] |
//! | pipelines: building, planning, executing, tearing down | [`pipeline`], [`plan`] |
//! | effects, progress, waits, cancellation | [`context`] |
//! | events and the plain renderer | [`event`] |
//! | marks, adoption, orphans | [`ownership`] |
//! | exclusive things | [`claim`] |
//! | pairs of topologies | [`higher_order`] |
//! | secrets and where they come from | [`secret`] |
//! | hosts, folders | [`inventory`], [`directories`] |
//! | reads answered together | [`batch`] |

#![forbid(unsafe_code)]

pub mod batch;
pub mod claim;
pub mod context;
mod describe;
pub mod directories;
pub mod event;
pub mod form;
pub mod graph;
pub mod higher_order;
pub mod inventory;
pub mod maestro;
pub mod ownership;
pub mod phase;
pub mod pipeline;
pub mod plan;
pub mod score;
pub mod secret;
mod sync;
pub mod transition;

use std::{error::Error, pin::Pin};

pub use claim::{Claim, ClaimScope, Protocol};
pub use context::{Context, Intent, Permit, Unit};
pub use describe::{Describe, Sensitivity, StepId, StepInfo, StepKind};
pub use harmony_macros::{capability, phase_matrix, phases};
pub use higher_order::FailoverTopology;
pub use maestro::Maestro;
pub use phase::{Grants, Phase, Reached, Resting, RestingPhase, StartPhase, Topology};

pub use pipeline::{Pipeline, Stopped};
pub use plan::Plan;
pub use score::{
    Interpret, InterpretError, InterpretErrorKind, Outcome, OutcomeStatus, Score, Status,
    ValidationReport,
};
pub use secret::{Secret, SecretRef};
pub use transition::{Lands, Observed, Transition, TransitionError, through};

/// A boxed future, as erased stages and capabilities hand them out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed error, where the source is truly foreign.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What the macros' output names; not part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use async_trait::async_trait;
}
