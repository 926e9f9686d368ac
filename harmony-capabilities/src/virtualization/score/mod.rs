//! The scores: one network, pool, volume, ISO image or machine each.

mod iso;
mod machine;
mod network;
mod pool;
mod volume;

pub use iso::{IsoFields, IsoImageScore, IsoSpec, IsoSpecBuilder};
pub use machine::VirtualMachineScore;
pub use network::VirtualNetworkScore;
pub use pool::StoragePoolScore;
pub use volume::VolumeScore;

use harmony_phases::{
    Context, Outcome, Status, ValidationReport,
    ownership::{Custody, Mark},
};
use serde::Serialize;
use serde_json::Value;

/// What claims and orphans of machines are called.
pub(crate) const MACHINE: &str = "machine";
/// What claims and orphans of networks are called.
pub(crate) const NETWORK: &str = "network";
/// What claims and orphans of pools are called.
pub(crate) const POOL: &str = "pool";
/// What claims and orphans of volumes are called.
pub(crate) const VOLUME: &str = "volume";

/// The version of the specs that marks speak of; each spec says the same of its own form.
const SCHEMA: u32 = 1;

/// The mark for what a score ensures: the running step's, or the score's own outside a pipeline.
fn mark(ctx: &Context, name: String, custody: Custody) -> Mark {
    let step = ctx.step().map_or(name, ToString::to_string);
    Mark::new(ctx.site().clone(), step).schema(SCHEMA).protect(custody.protect)
}

/// A look's report, with what would be made and what that needs where nothing is there yet.
fn planned(report: ValidationReport, outline: Outline) -> ValidationReport {
    if report.status != Status::WillCreate {
        return report;
    }
    let report = outline.facts.into_iter().fold(report, ValidationReport::note);
    outline.needs.into_iter().fold(report, ValidationReport::precondition)
}

/// What a spec would make, in a few words for whoever reads a plan.
#[derive(Debug, Default)]
struct Outline {
    facts: Vec<String>,
    needs: Vec<String>,
}

impl Outline {
    fn fact(mut self, fact: impl Into<String>) -> Self {
        self.facts.push(fact.into());
        self
    }

    fn facts(mut self, facts: impl IntoIterator<Item = String>) -> Self {
        self.facts.extend(facts);
        self
    }

    fn needs(mut self, needs: impl IntoIterator<Item = String>) -> Self {
        self.needs.extend(needs);
        self
    }
}

/// What a teardown would do: what has to stay is no obstacle to it, but a fact to be told.
fn removal(report: ValidationReport) -> ValidationReport {
    let ValidationReport { status, details, preconditions } = report;
    match status {
        Status::Blocked(reason) => {
            ValidationReport::already_applied().note(format!("left in place: {reason}"))
        }
        status => ValidationReport { status, details, preconditions },
    }
}

/// Why a teardown does nothing to what is protected.
fn protected(step: &str) -> String {
    format!("{step} is protected")
}

fn stays(step: &str) -> ValidationReport {
    ValidationReport::already_applied().note(format!("left in place: {}", protected(step)))
}

fn left(step: &str) -> Outcome {
    Outcome::left_in_place(protected(step))
}

/// The serialised form of a score.
fn value(score: &impl Serialize) -> Value {
    // invariant: a spec has string keys only, so it has a JSON form.
    serde_json::to_value(score).unwrap_or_default()
}

/// Writes what all scores around one spec have in common.
///
/// Each writes its impl of `Score` itself: the compiler quotes it when the score stands before its
/// phase, and would quote this whole macro instead.
macro_rules! score_of {
    ($(#[$doc:meta])* $score:ident of $spec:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $score {
            spec: $spec,
        }

        impl $score {
            /// Brings about what the spec says.
            pub const fn new(spec: $spec) -> Self {
                Self { spec }
            }

            /// Returns what is brought about.
            pub const fn spec(&self) -> &$spec {
                &self.spec
            }
        }

        impl From<$spec> for $score {
            fn from(spec: $spec) -> Self {
                Self::new(spec)
            }
        }
    };
}

/// Writes the worker of a score, by the four calls of its role.
macro_rules! interpret_of {
    (
        $score:ident on $role:ident:
        $examine:ident, $ensure:ident, $examine_removal:ident, $remove:ident by $id:expr
    ) => {
        #[async_trait::async_trait]
        impl<T: $role> harmony_phases::Interpret<T> for $score {
            async fn validate(
                &self,
                ctx: &harmony_phases::Context,
                on: &T,
            ) -> Result<harmony_phases::ValidationReport, harmony_phases::InterpretError> {
                let report = on
                    .$examine(&super::mark(ctx, self.name(), self.spec.custody), &self.spec)
                    .await?;
                Ok(super::planned(report, outline(&self.spec)))
            }

            async fn execute(
                &self,
                ctx: &harmony_phases::Context,
                on: &T,
            ) -> Result<harmony_phases::Outcome, harmony_phases::InterpretError> {
                Ok(on
                    .$ensure(ctx, &super::mark(ctx, self.name(), self.spec.custody), &self.spec)
                    .await?)
            }

            async fn validate_undo(
                &self,
                ctx: &harmony_phases::Context,
                on: &T,
            ) -> Result<harmony_phases::ValidationReport, harmony_phases::InterpretError> {
                if self.spec.custody.protect {
                    return Ok(super::stays(&self.name()));
                }
                Ok(super::removal(
                    on.$examine_removal(
                        &super::mark(ctx, self.name(), self.spec.custody),
                        &$id(&self.spec),
                    )
                    .await?,
                ))
            }

            async fn undo(
                &self,
                ctx: &harmony_phases::Context,
                on: &T,
            ) -> Result<harmony_phases::Outcome, harmony_phases::InterpretError> {
                if self.spec.custody.protect {
                    return Ok(super::left(&self.name()));
                }
                Ok(on
                    .$remove(
                        ctx,
                        &super::mark(ctx, self.name(), self.spec.custody),
                        &$id(&self.spec),
                    )
                    .await?)
            }
        }
    };
}

use interpret_of;
use score_of;
