//! What a run lends to its steps: site, inventory, secrets, effects, progress, cancellation.

mod builder;
mod cancellation;
mod effect;
mod lent;
mod progress;
mod recorder;
mod run;
mod sink;
mod wait;

pub use builder::ContextBuilder;
pub(crate) use cancellation::Cancellable;
pub use effect::{EffectError, Intent, Permit};
pub use lent::Context;
pub use progress::Unit;
pub use recorder::{EffectRecorder, RecordedEffect};
pub(crate) use run::{Run, StepState};
pub use sink::{EffectOutcome, EffectRecord, EffectSink, Injected};
pub use wait::{Look, WaitError, Waiting};
