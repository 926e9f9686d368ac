//! plan, apply, and destroy for any Harmony pipeline, from the command line.
//!
//! A program says where it starts, what its pipeline is, and which arguments it takes; the verbs,
//! the confirmation, the progress, Ctrl-C, and the exit codes are the same for all of them.
//!
//! ```no_run
//! use harmony_cli::Program;
//! use harmony_phases::{BoxError, Pipeline, Topology, phases};
//!
//! #[phases(any = AnyHouse)]
//! mod house {
//!     #[start]
//!     pub struct Declared {
//!         pub street: String,
//!     }
//! }
//!
//! #[derive(Debug, clap::Args)]
//! struct House {
//!     /// Where it stands.
//!     #[arg(long, default_value = "Main Street")]
//!     street: String,
//! }
//!
//! impl Program for House {
//!     type Start = Topology<house::Declared>;
//!     type End = Topology<house::Declared>;
//!     const NAME: &'static str = "house";
//!     const ABOUT: &'static str = "A house that stands already";
//!
//!     fn start(&self) -> Result<Self::Start, BoxError> {
//!         Ok(Topology::new("house", house::Declared { street: self.street.clone() }))
//!     }
//!
//!     fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
//!         Ok(Pipeline::start())
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     harmony_cli::main::<House>()
//! }
//! ```
//!
//! A program over many hosts is a [`FleetProgram`]: its hosts come from an inventory, each with a start and
//! a pipeline, and the same verbs take care of all that are selected.
//!
//! # Exit codes
//! | code | meaning |
//! |---|---|
//! | 0 | done, or nothing to do |
//! | 1 | failed, or some host did; a new run goes on from there. Of a plan: something could not be looked at |
//! | 2 | the command line or the inventory is wrong, or a confirmation is missing |
//! | 3 | blocked or contradictory: nothing was touched; of many hosts, those that were blocked |
//! | 4 | the operator said no |
//! | 5 | `plan --check` found something to do |
//! | 130 | cancelled with Ctrl-C; a new run goes on from there |
#![forbid(unsafe_code)]

mod arguments;
mod console;
mod exit;
mod failure;
mod fleet;
mod interrupt;
mod logging;
mod program;
mod secrets;
mod session;
mod surroundings;
#[cfg(test)]
mod tests;
mod view;

use std::process::ExitCode;

use arguments::{Cli, Verb};
use console::Console;
pub use exit::Exit;
pub use fleet::{FleetProgram, main_of_fleet};
pub use program::Program;
use session::Session;

/// Runs `P` with the arguments of this process: what an example's `main` returns.
pub fn main<P: Program>() -> ExitCode {
    let cli = Cli::<Verb<P>>::of_process(P::NAME, P::ABOUT);
    run(cli.verbosity(), |console| Session::new(cli, console).run())
}

/// Does what `verbs` says, with a console, a log and a runtime.
fn run<F: Future<Output = Exit>>(verbosity: u8, verbs: impl FnOnce(Console) -> F) -> ExitCode {
    let console = Console::of_process();
    logging::start(verbosity, &console);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&console, &error).into(),
    };
    runtime.block_on(verbs(console)).into()
}
