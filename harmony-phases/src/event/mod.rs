//! The event stream of a run, and the plain renderer.

mod bus;
mod happened;
mod render;

pub use bus::{EventBus, EventStream};
pub use happened::{Event, EventKind, RunResult, StepHeading, Verb};
pub use render::PlainRenderer;
