//! Commands, and who runs them.

mod builder;
mod given;
mod output;
mod role;
mod score;

pub use builder::{ByProbe, CommandScoreBuilder, Probed, Unprobed};
pub use given::{Command, Input, RunAs};
pub use output::{Captured, ExitStatus, Output};
pub use role::{CommandExecution, OffersCommandExecution};
pub use score::{CommandFields, CommandInput, CommandScore, Probe};
