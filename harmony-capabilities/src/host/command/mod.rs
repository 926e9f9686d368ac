//! Commands, and who runs them.

mod given;
mod output;
mod role;

pub use given::{Command, Input, RunAs};
pub use output::{Captured, ExitStatus, Output};
pub use role::{CommandExecution, OffersCommandExecution};
